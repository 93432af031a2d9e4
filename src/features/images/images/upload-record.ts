import type { Once } from '../../../idempotency/idempotency.ts';
import type { ImageFileRow, ImageLinkRow, ImageRow } from '../tables.ts';
import type { NewImage } from './repository.ts';

/** An upload in its idempotency record: JSON. */
export interface UploadRecord {
  image: ImageRow;
  files: (Omit<ImageFileRow, 'sha256'> & { sha256: string })[];
  link: ImageLinkRow | null;
}

export function toRecord({ image, files, link }: NewImage): UploadRecord {
  const encoded = files.map((file) => ({ ...file, sha256: file.sha256.toString('hex') }));
  return { image, files: encoded, link: link ?? null };
}

export function fromRecord({ image, files, link }: UploadRecord): NewImage {
  const decoded = files.map((file) => ({ ...file, sha256: Buffer.from(file.sha256, 'hex') }));
  return { image, files: decoded, link: link ?? undefined };
}

/** Another request with the same key uploaded the image first, so the object of this one has no row. */
export class AlreadyUploaded extends Error {
  readonly once: Once<UploadRecord>;

  constructor(once: Once<UploadRecord>) {
    super('the upload was made by a request with the same idempotency key');
    this.once = once;
  }
}
