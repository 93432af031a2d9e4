import type { Database } from '../../../database/database.ts';
import type { ImageTables } from '../tables.ts';

/** Creates the lists of the storage's objects, for backups. */
export function createObjectRepository({ db }: Database<ImageTables>) {
  return {
    /** Lists the objects of images with their sizes, in the order of their keys, from after a key on. */
    async list(after: string, limit: number): Promise<{ key: string; bytes: number }[]> {
      const rows = await db
        .selectFrom('image_files')
        .select((eb) => [
          'object_key as key',
          eb.fn.max(eb('object_offset', '+', eb.ref('bytes'))).as('bytes'),
        ])
        .where('object_key', '>', after)
        .groupBy('object_key')
        .orderBy('object_key')
        .limit(limit)
        .execute();
      return rows.map(({ key, bytes }) => ({ key, bytes: Number(bytes) }));
    },

    /** Returns the number of objects of images, and their total size. */
    async total(): Promise<{ count: number; bytes: number }> {
      const { count, bytes } = await db
        .selectFrom('image_files')
        .select(({ fn }) => [
          fn.count('object_key').distinct().as('count'),
          fn.sum('bytes').as('bytes'),
        ])
        .executeTakeFirstOrThrow();
      return { count: Number(count), bytes: Number(bytes ?? 0) };
    },
  };
}
