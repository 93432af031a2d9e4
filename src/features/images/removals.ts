import type { FastifyBaseLogger } from 'fastify';
import type { Database } from '../../database/database.ts';
import type { Storage } from '../../storage/storage.ts';
import type { ImageTables } from './tables.ts';

export interface RemovalDeps {
  database: Database<ImageTables>;
  storage: Storage;
  log: FastifyBaseLogger;
}

const BATCH = 500;
/** Failures after which the storage counts as out of order, until the next attempt. */
const MAX_FAILURES = 3;

export type Removals = ReturnType<typeof createRemovals>;

/** Takes objects out of the storage whose rows are gone, as `removed_objects` lists them. */
export function createRemovals({ database: { db }, storage, log }: RemovalDeps) {
  let underWay: Promise<void> | undefined;
  let isWantedAgain = false;

  /** Removes every object that is listed. What cannot be removed now stays listed. */
  async function drain(): Promise<void> {
    let failures = 0;
    let last = '';
    for (;;) {
      const keys = await listAfter(last);
      for (const key of keys) {
        try {
          await storage.remove(key);
          await db.deleteFrom('removed_objects').where('object_key', '=', key).execute();
        } catch (error) {
          log.warn({ err: error, key }, 'an object could not be removed; it is tried again later');
          if (++failures === MAX_FAILURES) return;
        }
      }
      if (keys.length < BATCH) return;
      last = keys.at(-1)!;
    }
  }

  async function listAfter(last: string): Promise<string[]> {
    const rows = await db
      .selectFrom('removed_objects')
      .select('object_key')
      .where('object_key', '>', last)
      .orderBy('object_key')
      .limit(BATCH)
      .execute();
    return rows.map(({ object_key }) => object_key);
  }

  /** Starts to remove what is listed, and does not wait for it. */
  function soon(): void {
    isWantedAgain = true;
    underWay ??= run().finally(() => {
      underWay = undefined;
    });
  }

  async function run(): Promise<void> {
    while (isWantedAgain) {
      isWantedAgain = false;
      await drain().catch((error) => {
        log.warn({ err: error }, 'objects could not be removed; it is tried again later');
      });
    }
  }

  return {
    soon,
    /** Resolves when nothing is under way. */
    settled: async () => underWay,
  };
}
