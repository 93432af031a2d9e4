import type { Kysely } from 'kysely';
import { countOf } from '../../../database/count.ts';
import type { Database } from '../../../database/database.ts';
import { type Found, type Slice, sliceOfRows } from '../../../database/keyset.ts';
import { forUpdate } from '../../../database/lock.ts';
import { prepare } from '../../../database/prepare.ts';
import { imageProblems } from '../problems.ts';
import type { ImageFileRow, ImageLinkRow, ImageRow, ImageTables } from '../tables.ts';

export interface NewImage {
  image: ImageRow;
  files: ImageFileRow[];
  link: ImageLinkRow | undefined;
}

/** An image, with its sizes that exist. */
export interface ImageAndFiles {
  image: ImageRow;
  files: ImageFileRow[];
}

export type ImageRepository = ReturnType<typeof createImageRepository>;

export function createImageRepository({ db, kind, transaction, snapshot }: Database<ImageTables>) {
  const find = prepare(({ id }: { id: string }) =>
    db.selectFrom('images').selectAll().where('id', '=', id),
  );
  const findFiles = prepare(({ id }: { id: string }) =>
    db.selectFrom('image_files').selectAll().where('image_id', '=', id),
  );
  const findUsage = prepare(({ accountId }: { accountId: string }) =>
    db.selectFrom('image_usage').select('bytes').where('account_id', '=', accountId),
  );

  async function usedBytes(on: Kysely<ImageTables>, accountId: string): Promise<number> {
    return (await findUsage(on, { accountId })).rows[0]?.bytes ?? 0;
  }

  return {
    async find(id: string): Promise<ImageRow | undefined> {
      return (await find(db, { id })).rows[0];
    },

    findWithFiles: (id: string): Promise<ImageAndFiles | undefined> =>
      snapshot(async (trx) => {
        const image = (await find(trx, { id })).rows[0];
        return image && { image, files: (await findFiles(trx, { id })).rows };
      }),

    /** Returns how many bytes the files of an account's images have. */
    usedBytes: (accountId: string) => usedBytes(db, accountId),

    /**
     * Inserts an image. The transaction has locked its account, so uploads of one account are counted one by one.
     *
     * @throws {Problem} `quota_exceeded`
     */
    async insert(trx: Kysely<ImageTables>, { image, files, link }: NewImage, quota: number) {
      const used = await usedBytes(trx, image.account_id);
      const added = totalBytes(files);
      if (used + added > quota) throw imageProblems.quotaExceeded();
      await trx.insertInto('images').values(image).execute();
      await trx.insertInto('image_files').values(files).execute();
      if (link) await trx.insertInto('image_links').values(link).execute();
      await changeUsage(trx, image.account_id, added);
    },

    /** Returns a slice of an account's images with their files, and the count of all. */
    list: (accountId: string, slice: Slice): Promise<Found<ImageAndFiles>> =>
      snapshot(async (trx) => {
        const images = trx.selectFrom('images').where('account_id', '=', accountId);
        const rows = await sliceOfRows(images.selectAll(), kind, slice).execute();
        const ids = rows.map(({ id }) => id);
        const found = trx.selectFrom('image_files').selectAll().where('image_id', 'in', ids);
        const files = Map.groupBy(ids.length > 0 ? await found.execute() : [], (f) => f.image_id);
        const withFiles = rows.map((image) => ({ image, files: files.get(image.id) ?? [] }));
        return { count: await countOf(images), rows: withFiles };
      }),

    /** Deletes an image with its files and links, and lists its objects for removal from the storage. */
    delete: (id: string): Promise<void> =>
      transaction(async (trx) => {
        // Nobody may add a file between reading the keys and deleting the rows.
        const accountId = await lockImage({ db: trx, kind }, id);
        if (accountId === undefined) return;
        const files = await trx
          .selectFrom('image_files')
          .select(['object_key', 'bytes'])
          .where('image_id', '=', id)
          .execute();
        await trx.deleteFrom('images').where('id', '=', id).execute();
        await changeUsage(trx, accountId, -totalBytes(files));
        await listForRemoval(trx, new Set(files.map(({ object_key }) => object_key)));
      }),
  };
}

async function listForRemoval(trx: Kysely<ImageTables>, keys: Set<string>): Promise<void> {
  const removed = [...keys].map((object_key) => ({ object_key, removed_at: Date.now() }));
  if (removed.length > 0) await trx.insertInto('removed_objects').values(removed).execute();
}

/** Keeps an image from being deleted until the transaction ends. Returns its owner; undefined where it is gone. */
export async function lockImage(
  { db, kind }: Pick<Database<ImageTables>, 'db' | 'kind'>,
  id: string,
): Promise<string | undefined> {
  const image = db.selectFrom('images').select('account_id').where('id', '=', id);
  return (await forUpdate(kind, image).executeTakeFirst())?.account_id;
}

/** Adds to the usage of an account. A transaction that adds the account's first image has locked the account. */
export async function changeUsage(
  trx: Kysely<ImageTables>,
  accountId: string,
  by: number,
): Promise<void> {
  const { numUpdatedRows } = await trx
    .updateTable('image_usage')
    .set((eb) => ({ bytes: eb('bytes', '+', by) }))
    .where('account_id', '=', accountId)
    .executeTakeFirstOrThrow();
  if (numUpdatedRows > 0n) return;
  await trx.insertInto('image_usage').values({ account_id: accountId, bytes: by }).execute();
}

function totalBytes(files: Pick<ImageFileRow, 'bytes'>[]): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}
