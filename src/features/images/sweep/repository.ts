import type { Database } from '../../../database/database.ts';
import type { LeaseTables } from '../../../database/lease.ts';
import { areRemovalsHeld } from '../../../storage/removal-hold.ts';
import type { ImageTables } from '../tables.ts';

export type SweepRepository = ReturnType<typeof createSweepRepository>;

export function createSweepRepository(database: Database<ImageTables>) {
  const { db } = database;
  return {
    /** Tells if a backup needs all objects in place; ask after reading what to remove. */
    areRemovalsHeld: () => areRemovalsHeld(database.as<LeaseTables>()),

    /** Lists accounts that have images, in the order of their ids, from after an id on. */
    async listOwners(after: string, limit: number): Promise<string[]> {
      const rows = await db
        .selectFrom('image_usage')
        .select('account_id')
        .where('account_id', '>', after)
        .where('bytes', '>', 0)
        .orderBy('account_id')
        .limit(limit)
        .execute();
      return rows.map(({ account_id }) => account_id);
    },

    async listImages(accountIds: string[], limit: number): Promise<string[]> {
      if (accountIds.length === 0) return [];
      const images = db.selectFrom('images').select('id').where('account_id', 'in', accountIds);
      return (await images.limit(limit).execute()).map(({ id }) => id);
    },

    /** Lists objects that are to be removed from the storage, in the order of their keys, from after a key on. */
    async listRemoved(after: string, limit: number): Promise<string[]> {
      const rows = await db
        .selectFrom('removed_objects')
        .select('object_key')
        .where('object_key', '>', after)
        .orderBy('object_key')
        .limit(limit)
        .execute();
      return rows.map(({ object_key }) => object_key);
    },

    /** Forgets an object that has been removed from the storage. */
    async forgetRemoved(key: string): Promise<void> {
      await db.deleteFrom('removed_objects').where('object_key', '=', key).execute();
    },
  };
}
