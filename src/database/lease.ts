import { sql } from 'kysely';
import type { StorageTables } from '../storage/tables.ts';
import { databaseNow } from './clock.ts';
import { type Database, integer } from './database.ts';

/**
 * Takes or renews a lease, whose row exists, for `ms`. Returns false where another holder has it. A lease saves
 * work that would be done twice; what is done under it must bear that.
 */
export async function holdLease(
  { db, kind }: Database<StorageTables>,
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

/** Lets go of a lease, so that another holder need not wait until it expires. */
export async function releaseLease(
  { db }: Database<StorageTables>,
  { name, holder }: { name: string; holder: string },
): Promise<void> {
  await db
    .updateTable('leases')
    .set({ holder: null, expires_at: 0 })
    .where('name', '=', name)
    .where('holder', '=', holder)
    .execute();
}
