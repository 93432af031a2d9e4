import type { Once } from '../../idempotency/idempotency.ts';
import type { ImageFileRow, ImageLinkRow, ImageRow } from './tables.ts';

/** An upload as its idempotency record keeps it: JSON. */
export interface UploadRecord {
  image: ImageRow;
  files: (Omit<ImageFileRow, 'sha256'> & { sha256: string })[];
  link: ImageLinkRow | null;
}

export interface UploadRows {
  image: ImageRow;
  files: ImageFileRow[];
  link: ImageLinkRow | undefined;
}

export function toRecord({ image, files, link }: UploadRows): UploadRecord {
  const spelled = files.map((file) => ({ ...file, sha256: file.sha256.toString('hex') }));
  return { image, files: spelled, link: link ?? null };
}

export function fromRecord({ image, files, link }: UploadRecord): UploadRows {
  const read = files.map((file) => ({ ...file, sha256: Buffer.from(file.sha256, 'hex') }));
  return { image, files: read, link: link ?? undefined };
}

/** The same upload was faster, so the object of this one has no row. */
export class AlreadyUploaded extends Error {
  readonly once: Once<UploadRecord>;

  constructor(once: Once<UploadRecord>) {
    super('the upload was made by a request with the same idempotency key');
    this.once = once;
  }
}
