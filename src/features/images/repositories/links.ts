import type { Kysely } from 'kysely';
import { countOf } from '../../../database/count.ts';
import type { Database } from '../../../database/database.ts';
import type { ImageLinkRow, ImageTables } from '../../../database/tables/images.ts';

export type LinkRepository = ReturnType<typeof createLinkRepository>;

export function createLinkRepository({ db }: Database<ImageTables>) {
  return {
    async insert(link: ImageLinkRow, on: Kysely<ImageTables>): Promise<void> {
      await on.insertInto('image_links').values(link).execute();
    },

    async find(id: string): Promise<ImageLinkRow | undefined> {
      return db.selectFrom('image_links').selectAll().where('id', '=', id).executeTakeFirst();
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
