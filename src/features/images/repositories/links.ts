import { setImmediate } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import { countOf } from '../../../database/count.ts';
import type { Database } from '../../../database/database.ts';
import { imageProblems } from '../problems.ts';
import type { ImageLinkRow, ImageTables } from '../tables.ts';

const BATCH = 500;

export type LinkRepository = ReturnType<typeof createLinkRepository>;

export function createLinkRepository({ db, kind }: Database<ImageTables>) {
  return {
    /** @throws {Problem} `image_not_found` where the image has been deleted meanwhile */
    async insert(link: ImageLinkRow, trx: Kysely<ImageTables>): Promise<void> {
      const image = trx.selectFrom('images').select('id').where('id', '=', link.image_id);
      const found = await (kind === 'sqlite' ? image : image.forUpdate()).execute();
      if (found.length === 0) throw imageProblems.imageNotFound();
      await trx.insertInto('image_links').values(link).execute();
    },

    /** Links to images of accounts that are disabled or deleted are not there. */
    async find(id: string): Promise<ImageLinkRow | undefined> {
      return db
        .selectFrom('image_links')
        .innerJoin('images', 'images.id', 'image_links.image_id')
        .innerJoin('accounts', 'accounts.id', 'images.account_id')
        .where('image_links.id', '=', id)
        .where('accounts.disabled_at', 'is', null)
        .where('accounts.deleted_at', 'is', null)
        .selectAll('image_links')
        .executeTakeFirst();
    },

    /**
     * Removes links that expired before a time, and returns how many. Walks through all of them a few at a
     * time, so that nobody waits long for one step.
     */
    async removeExpired(before: number): Promise<number> {
      let removed = 0;
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
        removed += ids.length;
        if (links.length < BATCH) return removed;
        last = links.at(-1)!.id;
        // SQLite answers at once, and would keep everyone waiting until the end.
        await setImmediate();
      }
    },

    /** The links of an image that have not expired, the newest first. */
    async list(imageId: string, now: number, { offset, limit }: { offset: number; limit: number }) {
      const alive = db
        .selectFrom('image_links')
        .where('image_id', '=', imageId)
        .where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', now)]));
      const count = await countOf(alive);
      const rows = await alive
        .selectAll()
        .orderBy('id', 'desc')
        .limit(limit)
        .offset(offset)
        .execute();
      return { count, rows };
    },

    async remove(imageId: string, id: string): Promise<boolean> {
      const { numDeletedRows } = await db
        .deleteFrom('image_links')
        .where('image_id', '=', imageId)
        .where('id', '=', id)
        .executeTakeFirstOrThrow();
      return numDeletedRows > 0n;
    },
  };
}
