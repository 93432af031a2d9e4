import { setImmediate } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import { countOf } from '../../../database/count.ts';
import type { Database } from '../../../database/database.ts';
import { type Slice, sliceOfRows } from '../../../database/keyset.ts';
import { prepare } from '../../../database/prepare.ts';
import { lockImage } from '../images/repository.ts';
import { imageProblems } from '../problems.ts';
import type { ImageLinkRow, ImageTables } from '../tables.ts';

/** Links that one statement reads, and another deletes, at most. */
const BATCH = 500;

export type LinkRepository = ReturnType<typeof createLinkRepository>;

export function createLinkRepository({ db, kind, snapshot }: Database<ImageTables>) {
  const find = prepare(({ id }: { id: string }) =>
    db.selectFrom('image_links').selectAll().where('id', '=', id),
  );

  return {
    /** @throws {Problem} `image_not_found` where the image has just been deleted */
    async insert(trx: Kysely<ImageTables>, link: ImageLinkRow): Promise<void> {
      const ownerId = await lockImage({ db: trx, kind }, link.image_id);
      if (ownerId === undefined) throw imageProblems.imageNotFound();
      await trx.insertInto('image_links').values(link).execute();
    },

    async find(id: string): Promise<ImageLinkRow | undefined> {
      return (await find(db, { id })).rows[0];
    },

    /** Returns a slice of the links of an image that have not expired, and the count of all. */
    list: (imageId: string, now: number, slice: Slice) =>
      snapshot(async (trx) => {
        const links = trx
          .selectFrom('image_links')
          .where('image_id', '=', imageId)
          .where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', now)]));
        const rows = await sliceOfRows(links.selectAll(), kind, slice).execute();
        return { count: await countOf(links), rows };
      }),

    async delete(imageId: string, id: string): Promise<boolean> {
      const { numDeletedRows } = await db
        .deleteFrom('image_links')
        .where('image_id', '=', imageId)
        .where('id', '=', id)
        .executeTakeFirstOrThrow();
      return numDeletedRows > 0n;
    },

    deleteExpired: (before: number) => deleteExpired(db, before),
  };
}

/** Deletes links that expired before a time, in small batches, and returns how many. */
async function deleteExpired(db: Kysely<ImageTables>, before: number): Promise<number> {
  let deleted = 0;
  let last = '';
  for (;;) {
    const links = await db
      .selectFrom('image_links')
      .select(['id', 'expires_at'])
      .where('id', '>', last)
      .orderBy('id')
      .limit(BATCH)
      .execute();
    const expired = links.filter(({ expires_at: end }) => end !== null && end < before);
    const ids = expired.map(({ id }) => id);
    if (ids.length > 0) await db.deleteFrom('image_links').where('id', 'in', ids).execute();
    deleted += ids.length;
    if (links.length < BATCH) return deleted;
    last = links.at(-1)!.id;
    // SQLite is synchronous: without this, requests would wait until the last batch is done.
    await setImmediate();
  }
}
