import type { Database } from '../../database/database.ts';
import type { Storage } from '../../storage/storage.ts';
import { isOwnKey, OBJECT_PREFIX } from './object-keys.ts';
import type { ImageTables } from './tables.ts';

export interface GarbagePlace {
  database: Database<ImageTables>;
  storage: Storage;
}

export interface Orphans {
  /** Objects of images that no row refers to. */
  keys: string[];
  /** Keys beside them that are not of this project's form, and are left alone: the first of them. */
  strays: string[];
  /** Number of all such keys. */
  strayCount: number;
}

const BATCH = 500;
/** Keys that one search returns at most; the next search finds the rest. */
const MAX_KEYS = 100_000;
const MAX_STRAYS = 20;

/**
 * Finds objects that no row refers to, and that are older than `age` (milliseconds) by the clock of the storage.
 * What is younger may be about to get its row.
 */
export async function findOrphans(
  { database, storage }: GarbagePlace,
  age: number,
): Promise<Orphans> {
  const found: Orphans = { keys: [], strays: [], strayCount: 0 };
  const cutoff = (await storage.now()).getTime() - age;
  let batch: string[] = [];
  const judge = async () => {
    found.keys.push(...(await withoutRow(database, batch)));
    batch = [];
  };
  for await (const { key, modifiedAt } of storage.list(OBJECT_PREFIX)) {
    if (!isOwnKey(key)) {
      found.strayCount++;
      if (found.strays.length < MAX_STRAYS) found.strays.push(key);
    } else if (modifiedAt.getTime() <= cutoff) {
      batch.push(key);
      if (batch.length === BATCH) await judge();
      if (found.keys.length >= MAX_KEYS) break;
    }
  }
  await judge();
  return found;
}

/** Removes those of the objects that still have no row. Returns how many. */
export async function removeOrphans(
  { database, storage }: GarbagePlace,
  keys: string[],
): Promise<number> {
  let removed = 0;
  for (let start = 0; start < keys.length; start += BATCH) {
    for (const key of await withoutRow(database, keys.slice(start, start + BATCH))) {
      await storage.remove(key);
      removed++;
    }
  }
  return removed;
}

/** Returns ids of images whose accounts have been deleted. Nobody can reach them any more. */
export async function findDeadImages({ db }: Database<ImageTables>): Promise<string[]> {
  const images = await db
    .selectFrom('images')
    .innerJoin('accounts', 'accounts.id', 'images.account_id')
    .where('accounts.deleted_at', 'is not', null)
    .select('images.id')
    .limit(MAX_KEYS)
    .execute();
  return images.map(({ id }) => id);
}

async function withoutRow({ db }: Database<ImageTables>, keys: string[]): Promise<string[]> {
  if (keys.length === 0) return [];
  const rows = await db
    .selectFrom('image_files')
    .select('object_key')
    .where('object_key', 'in', keys)
    .execute();
  const known = new Set(rows.map(({ object_key }) => object_key));
  return keys.filter((key) => !known.has(key));
}
