import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Kysely } from 'kysely';
import type { ImageTables } from '../../database/tables/images.ts';
import type { Storage } from '../../storage/storage.ts';
import { OBJECT_PREFIX } from './image-service.ts';

export interface Garbage {
  /** Objects that no row refers to. */
  objects: string[];
  /** Files in the scratch folder that nobody writes any more. */
  scratchFiles: string[];
  /** Images of accounts that have been deleted. */
  images: string[];
}

const BATCH = 500;

/**
 * What has been left behind before `cutoff` (milliseconds since 1970): by a process that ended in the midst
 * of its work, or by accounts that were deleted. What is younger may still be on its way.
 */
export async function findGarbage(
  db: Kysely<ImageTables>,
  storage: Storage,
  cutoff: number,
): Promise<Garbage> {
  const images = await db
    .selectFrom('images')
    .innerJoin('accounts', 'accounts.id', 'images.account_id')
    .where('accounts.deleted_at', '<', cutoff)
    .select('images.id')
    .execute();
  return {
    objects: await findOrphans(db, storage, cutoff),
    scratchFiles: await findScratchFiles(storage.scratchFolder, cutoff),
    images: images.map(({ id }) => id),
  };
}

/** Images first: their objects are found by the keys in their rows. */
export async function removeGarbage(
  db: Kysely<ImageTables>,
  storage: Storage,
  { objects, scratchFiles, images }: Garbage,
): Promise<void> {
  for (const id of images) {
    const files = await db
      .selectFrom('image_files')
      .select('object_key')
      .where('image_id', '=', id)
      .execute();
    await db.deleteFrom('images').where('id', '=', id).execute();
    for (const { object_key } of files) await storage.remove(object_key);
  }
  for (const key of objects) await storage.remove(key);
  for (const path of scratchFiles) await rm(path, { force: true });
}

async function findOrphans(
  db: Kysely<ImageTables>,
  storage: Storage,
  cutoff: number,
): Promise<string[]> {
  const orphans: string[] = [];
  let batch: string[] = [];
  const judge = async () => {
    orphans.push(...(await withoutRow(db, batch)));
    batch = [];
  };
  for await (const { key, modifiedAt } of storage.list()) {
    if (!key.startsWith(OBJECT_PREFIX) || modifiedAt.getTime() >= cutoff) continue;
    batch.push(key);
    if (batch.length === BATCH) await judge();
  }
  await judge();
  return orphans;
}

async function withoutRow(db: Kysely<ImageTables>, keys: string[]): Promise<string[]> {
  if (keys.length === 0) return [];
  const rows = await db
    .selectFrom('image_files')
    .select('object_key')
    .where('object_key', 'in', keys)
    .execute();
  const known = new Set(rows.map(({ object_key }) => object_key));
  return keys.filter((key) => !known.has(key));
}

async function findScratchFiles(folder: string, cutoff: number): Promise<string[]> {
  const found: string[] = [];
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    // One that has gone meanwhile has been put where it belongs.
    const state = await stat(path).catch(() => undefined);
    if (state?.isFile() && state.mtimeMs < cutoff) found.push(path);
  }
  return found;
}
