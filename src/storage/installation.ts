import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { Database } from '../database/database.ts';
import { holdLease, type LeaseTables, releaseLease } from '../database/lease.ts';
import { StorageUnusable } from './errors.ts';
import type { Storage } from './storage.ts';
import type { StorageTables } from './tables.ts';

/** Folder with one object, whose name is the id of the installation that owns the storage. */
const OWNERS = 'installation/';
/** A shared bucket may have many objects there; a few suffice to see that it is not ours. */
const MAX_OWNERS = 5;

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;

const MAX_ATTEMPTS = 20;
const LEASE = { name: 'storage-claim', ms: 30_000 };

type StorageDatabase = Database<StorageTables>;

/**
 * Claims the storage for this database, unless it is claimed already.
 *
 * Not every S3 server can create an object only if it is missing. So each database writes an object of its own, then
 * lists them all; if there are two, both withdraw and try again, so at most one succeeds. A lease makes the processes
 * of one database take turns.
 *
 * @throws {StorageUnusable} if the storage belongs to another installation
 */
export async function claimStorage(database: StorageDatabase, storage: Storage): Promise<void> {
  const holder = randomUUID();
  const leases = database.as<LeaseTables>();
  for (let attempt = 1; ; attempt++) {
    const owners = await ownersOf(storage);
    if (owners.length === 1 || attempt > MAX_ATTEMPTS) break;
    if (owners.length === 0 && (await holdLease(leases, { ...LEASE, holder }))) {
      try {
        if (await tryToClaim(database, storage)) return;
      } finally {
        await releaseLease(leases, { ...LEASE, holder });
      }
    }
    await setTimeout(Math.random() * 100 * attempt);
  }
  await checkOwner(database, storage);
}

async function tryToClaim(database: StorageDatabase, storage: Storage): Promise<boolean> {
  if ((await ownersOf(storage)).length > 0) return false;
  const key = await noteOwner(storage, await installationId(database));
  if ((await ownersOf(storage)).length === 1) return true;
  await storage.remove(key);
  return false;
}

/** Notes the id of an installation as the owner of the storage. Returns the key of the note. */
export async function noteOwner(storage: Storage, id: string): Promise<string> {
  const key = OWNERS + id;
  await storage.put(key, Buffer.from('The id of the installation whose files these are.\n'));
  return key;
}

/** @throws {StorageUnusable} unless the storage belongs to this database */
export async function checkOwner(database: StorageDatabase, storage: Storage): Promise<void> {
  const id = await installationId(database);
  const owners = await ownersOf(storage);
  if (owners.length === 0) {
    throw new StorageUnusable(
      `no installation has used it yet (it has nothing below "${OWNERS}"); start Tally with it once`,
    );
  }
  const others = owners.filter((owner) => owner !== id);
  if (others.length === 0) return;
  throw new StorageUnusable(
    `it belongs to another installation (${JSON.stringify(OWNERS + others[0])} is there; the id in the database at DATABASE_URL is "${id}"). ` +
      'Set STORAGE_URL and DATABASE_URL so that they belong together, or give each installation a storage of its own',
  );
}

export async function installationId({ db }: StorageDatabase): Promise<string> {
  const { id } = await db.selectFrom('installation').select('id').executeTakeFirstOrThrow();
  return id;
}

export async function ownersOf(storage: Storage): Promise<string[]> {
  const owners: string[] = [];
  for await (const { key } of storage.list(OWNERS)) {
    const owner = key.slice(OWNERS.length);
    if (UUID.test(owner)) owners.push(owner);
    if (owners.length === MAX_OWNERS) break;
  }
  return owners;
}
