import { randomUUID } from 'node:crypto';
import { databaseNow } from '../database/clock.ts';
import type { Database } from '../database/database.ts';
import { holdLease, type LeaseTables, releaseLease } from '../database/lease.ts';

const NAME = 'storage-hold';
/** Time after which a hold whose process was killed ends. */
const HOLD_MS = 60_000;

/** Keeps every process from removing objects from the storage, until it is released. */
export interface RemovalHold {
  /** @throws {Error} if the hold has expired, so that objects may have been removed */
  confirm(): void;
  release(): Promise<void>;
}

type LeaseDatabase = Database<LeaseTables>;

/** @throws {Error} if another process has a hold */
export async function holdRemovals(database: LeaseDatabase): Promise<RemovalHold> {
  const lease = { name: NAME, holder: randomUUID(), ms: HOLD_MS };
  if (!(await holdLease(database, lease))) {
    throw new Error(
      'another backup is running, or was killed less than a minute ago; try again when it has ended',
    );
  }
  let renewed = performance.now();
  let hasExpired = false;
  const noteTime = () => {
    hasExpired ||= performance.now() - renewed >= HOLD_MS;
  };
  const renew = async () => {
    noteTime();
    const before = performance.now();
    if (await holdLease(database, lease)) renewed = before;
    else hasExpired = true;
  };
  // A renewal that fails is tried again; the time since the last one counts.
  const timer = setInterval(() => void renew().catch(() => undefined), HOLD_MS / 6);
  return {
    confirm() {
      noteTime();
      if (hasExpired) {
        throw new Error('the backup stood still for so long that files may be missing; repeat it');
      }
    },
    async release() {
      clearInterval(timer);
      // It expires by itself where the database does not answer now.
      await releaseLease(database, lease).catch(() => undefined);
    },
  };
}

/**
 * Tells if objects must stay in the storage. Ask after reading the rows that say what to remove: these rows are then
 * older than the hold of a later backup, whose copy of the database does not refer to the objects.
 */
export async function areRemovalsHeld({ db, kind }: LeaseDatabase): Promise<boolean> {
  const held = await db
    .selectFrom('leases')
    .select('name')
    .where('name', '=', NAME)
    .where('expires_at', '>=', databaseNow(kind))
    .executeTakeFirst();
  return held !== undefined;
}
