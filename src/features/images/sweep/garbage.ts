import type { Storage } from '../../../storage/storage.ts';
import type { Owners } from '../access.ts';
import { isObjectKey, OBJECT_PREFIX } from '../files/objects.ts';
import type { FileRepository } from '../files/repository.ts';
import type { SweepRepository } from './repository.ts';

export interface ObjectPlaces {
  files: FileRepository;
  storage: Storage;
}

export interface Orphans {
  /** Objects of images that no row refers to. */
  keys: string[];
  /** The first of the keys that other software made, which are left alone. */
  foreign: string[];
  /** Number of all such keys. */
  foreignCount: number;
}

const BATCH = 500;
/** Most keys or ids that one search returns; the next search finds the rest. */
const MAX_FOUND = 100_000;
const MAX_FOREIGN = 20;

/**
 * Finds objects that no row refers to, and that are older than `age` (milliseconds) by the clock of the storage.
 * A younger object may be about to get its row.
 */
export async function findOrphans({ files, storage }: ObjectPlaces, age: number): Promise<Orphans> {
  const found: Orphans = { keys: [], foreign: [], foreignCount: 0 };
  const cutoff = (await storage.now()).getTime() - age;
  let batch: string[] = [];
  const check = async () => {
    found.keys.push(...(await withoutRow(files, batch)));
    batch = [];
  };
  for await (const { key, modifiedAt } of storage.list(OBJECT_PREFIX)) {
    if (!isObjectKey(key)) {
      found.foreignCount++;
      if (found.foreign.length < MAX_FOREIGN) found.foreign.push(key);
    } else if (modifiedAt.getTime() <= cutoff) {
      batch.push(key);
      if (batch.length === BATCH) await check();
      if (found.keys.length >= MAX_FOUND) break;
    }
  }
  await check();
  return found;
}

/** Removes those of the objects that still have no row, unless a backup is in progress. Returns how many. */
export async function removeOrphans(
  { files, storage, rows }: ObjectPlaces & { rows: SweepRepository },
  keys: string[],
): Promise<number> {
  let removed = 0;
  for (let start = 0; start < keys.length; start += BATCH) {
    const orphans = await withoutRow(files, keys.slice(start, start + BATCH));
    if (await rows.areRemovalsHeld()) break;
    for (const key of orphans) {
      await storage.remove(key);
      removed++;
    }
  }
  return removed;
}

async function withoutRow(files: FileRepository, keys: string[]): Promise<string[]> {
  if (keys.length === 0) return [];
  const known = await files.knownObjects(keys);
  return keys.filter((key) => !known.has(key));
}

/** Finds images whose accounts have been deleted, so that nobody can reach them. Returns their ids. */
export async function findUnreachableImages(
  rows: SweepRepository,
  findDeleted: Owners['findDeleted'],
): Promise<string[]> {
  const found: string[] = [];
  let owners: string[] = [];
  do {
    owners = await rows.listOwners(owners.at(-1) ?? '', BATCH);
    const deleted = owners.length > 0 ? await findDeleted(owners) : [];
    found.push(...(await rows.listImages(deleted, MAX_FOUND - found.length)));
  } while (owners.length === BATCH && found.length < MAX_FOUND);
  return found;
}
