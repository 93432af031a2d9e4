import { sql } from 'kysely';
import { databaseNow } from './clock.ts';
import { type Database, integer } from './database.ts';

export interface LeaseTables {
  leases: LeasesTable;
}

/** Work that only one process does at a time. */
interface LeasesTable {
  name: string;
  /** Id of the process that does the work. */
  holder: string | null;
  /** By the clock of the database, in milliseconds since 1970. */
  expires_at: number;
}

/**
 * Takes or renews a lease, whose row exists, for `ms`. Returns false if another holder has it. A lease only avoids
 * duplicate work: after a pause, two holders may believe that they have it.
 */
export async function holdLease(
  { db, kind }: Database<LeaseTables>,
  { name, holder, ms }: { name: string; holder: string; ms: number },
): Promise<boolean> {
  const now = databaseNow(kind);
  const { numUpdatedRows } = await db
    .updateTable('leases')
    .set({ holder, expires_at: sql<number>`${now} + ${integer(kind, ms)}` })
    .where('name', '=', name)
    .where((eb) => eb.or([eb('holder', '=', holder), eb('expires_at', '<', now)]))
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

/** Releases a lease before it expires. */
export async function releaseLease(
  { db }: Database<LeaseTables>,
  { name, holder }: { name: string; holder: string },
): Promise<void> {
  await db
    .updateTable('leases')
    .set({ holder: null, expires_at: 0 })
    .where('name', '=', name)
    .where('holder', '=', holder)
    .execute();
}
