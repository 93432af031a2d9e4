import type { Transaction } from 'kysely';
import { sessionEnded } from '../../../http/secured.ts';
import type { Claim } from '../../../idempotency/claim.ts';
import type { Idempotency, Once } from '../../../idempotency/idempotency.ts';
import type { Storage } from '../../../storage/storage.ts';
import type { Owners } from '../access.ts';
import { storeObject } from '../files/objects.ts';
import type { FileRepository } from '../files/repository.ts';
import type { ImageFileRow, ImageLinkRow, ImageRow, ImageTables } from '../tables.ts';
import type { ImageRepository, NewImage } from './repository.ts';

export interface UploadStoreDeps {
  images: ImageRepository;
  files: FileRepository;
  owners: Owners;
  storage: Storage;
  idempotency: Idempotency;
}

export interface UploadToStore {
  /** The file that becomes the object. */
  path: string;
  rows: NewImage;
  quota: number;
  claim: Claim | undefined;
}

/** Creates a function that stores an upload, its object and its rows, once for each claim. */
export function createUploadStore(deps: UploadStoreDeps) {
  const { images, files, owners, storage, idempotency } = deps;

  /** @throws {AlreadyUploaded} so that the object is removed again */
  async function insert({ rows, quota, claim }: UploadToStore): Promise<Once<UploadRecord>> {
    const once = await idempotency.commit(claim, async (trx: Transaction<ImageTables>) => {
      if (!(await owners.lock(trx, rows.image.account_id))) throw sessionEnded();
      await images.insert(trx, rows, quota);
      return toRecord(rows);
    });
    if (once.replayed) throw new AlreadyUploaded(once);
    return once;
  }

  return async (upload: UploadToStore): Promise<Once<UploadRecord>> => {
    const { path, rows } = upload;
    try {
      return await storeObject(
        { storage, files },
        {
          key: rows.files[0]!.object_key,
          content: { file: path },
          record: () => insert(upload),
        },
      );
    } catch (error) {
      if (error instanceof AlreadyUploaded) return error.once;
      throw error;
    }
  };
}

/** Another request with the same key uploaded the image first, so the object of this one has no row. */
class AlreadyUploaded extends Error {
  readonly once: Once<UploadRecord>;

  constructor(once: Once<UploadRecord>) {
    super('the upload was made by a request with the same idempotency key');
    this.once = once;
  }
}

/** An upload in its idempotency record: JSON. */
export interface UploadRecord {
  image: ImageRow;
  files: (Omit<ImageFileRow, 'sha256'> & { sha256: string })[];
  link: ImageLinkRow | null;
}

function toRecord({ image, files, link }: NewImage): UploadRecord {
  const encoded = files.map((file) => ({ ...file, sha256: file.sha256.toString('hex') }));
  return { image, files: encoded, link: link ?? null };
}

export function fromRecord({ image, files, link }: UploadRecord): NewImage {
  const decoded = files.map((file) => ({ ...file, sha256: Buffer.from(file.sha256, 'hex') }));
  return { image, files: decoded, link: link ?? undefined };
}
