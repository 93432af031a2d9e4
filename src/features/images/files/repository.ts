import type { Kysely } from 'kysely';
import type { Database } from '../../../database/database.ts';
import { prepare } from '../../../database/prepare.ts';
import { changeUsage, lockImage } from '../images/repository.ts';
import { imageProblems } from '../problems.ts';
import type { ImageFileRow, ImageFormat, ImageTables } from '../tables.ts';

/** An image, and where the bytes of one size of it are. */
export interface ReadableRow {
  id: string;
  account_id: string;
  format: ImageFormat;
  /** Null where the size does not exist yet, as the columns that follow. */
  object_key: string | null;
  object_offset: number | null;
  bytes: number | null;
  sha256: Buffer | null;
}

export type FileRepository = ReturnType<typeof createFileRepository>;

export function createFileRepository({ db, kind, transaction }: Database<ImageTables>) {
  const findReadable = prepare(({ id, size }: { id: string; size: string }) =>
    db
      .selectFrom('images')
      .leftJoin('image_files', (join) =>
        join.onRef('image_files.image_id', '=', 'images.id').on('image_files.size', '=', size),
      )
      .where('images.id', '=', id)
      .select(['images.id', 'account_id', 'format'])
      .select(['object_key', 'object_offset', 'image_files.bytes', 'sha256']),
  );

  async function find(
    on: Kysely<ImageTables>,
    imageId: string,
    size: string,
  ): Promise<ImageFileRow | undefined> {
    const files = on.selectFrom('image_files').selectAll().where('image_id', '=', imageId);
    return files.where('size', '=', size).executeTakeFirst();
  }

  return {
    find: (imageId: string, size: string) => find(db, imageId, size),

    /** Finds an image and one size of it; undefined where the image does not exist. */
    async findReadable(id: string, size: string): Promise<ReadableRow | undefined> {
      return (await findReadable(db, { id, size })).rows[0];
    },

    /**
     * Adds a size that was made after the upload. If another process was faster, its row stays.
     *
     * @returns the row that is there now
     * @throws {Problem} `image_not_found`
     */
    add: (file: ImageFileRow): Promise<ImageFileRow> =>
      transaction(async (trx) => {
        const accountId = await lockImage({ db: trx, kind }, file.image_id);
        if (accountId === undefined) throw imageProblems.imageNotFound();
        const known = await find(trx, file.image_id, file.size);
        if (known) return known;
        await trx.insertInto('image_files').values(file).execute();
        await changeUsage(trx, accountId, file.bytes);
        return file;
      }),

    /** Returns those objects that belong to an image. */
    async knownObjects(keys: string[]): Promise<Set<string>> {
      const files = db.selectFrom('image_files').select('object_key').distinct();
      const known = await files.where('object_key', 'in', keys).execute();
      return new Set(known.map(({ object_key }) => object_key));
    },
  };
}
