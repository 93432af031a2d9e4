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

/** Stores the object of an upload, which becomes `file`, and its rows, once for each claim. */
export function storeUpload(
  deps: UploadStoreDeps,
  rows: NewImage,
  { file, quota, claim }: { file: string; quota: number; claim: Claim | undefined },
): Promise<Once<UploadRecord>> {
  const { images, owners, idempotency } = deps;
  return storeObject(deps, {
    key: rows.files[0]!.object_key,
    content: { file },
    async record() {
      const result = await idempotency.commit(claim, async (trx: Transaction<ImageTables>) => {
        if (!(await owners.lock(trx, rows.image.account_id))) throw sessionEnded();
        await images.insert(trx, rows, quota);
        return toRecord(rows);
      });
      return { result, isNeeded: !result.replayed };
    },
  });
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
