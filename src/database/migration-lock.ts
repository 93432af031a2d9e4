import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { type Kysely, sql } from 'kysely';
import type { Database } from './database.ts';
import { violatesUnique } from './errors.ts';
import { holdLease, type LeaseTables, releaseLease } from './lease.ts';
import { migrationContext } from './migration-context.ts';
import { createLeases } from './migrations.ts';
import { isGalera } from './servers/galera.ts';

type Work<T> = (db: Kysely<unknown>) => Promise<T>;

/** Runs migrations while no other process does; those of PostgreSQL in one transaction. */
export async function withMigrationLock<T>(database: Database<unknown>, work: Work<T>): Promise<T> {
  if (database.kind === 'postgres') return inLockedTransaction(database, work);
  if (database.kind === 'mysql' && (await isGalera(database.db))) {
    return withLease(database.as<LeaseTables>(), () => work(database.db));
  }
  // Kysely locks SQLite, and MySQL or MariaDB by the connection that it uses.
  return work(database.db);
}

/** The number by which Kysely would lock a connection, so that versions of Tally that left it to Kysely wait too. */
const LOCK_ID = 3853314791062309107n;

/** The lock belongs to the transaction: behind a pooler, the next one may be on another connection. */
function inLockedTransaction<T>({ db }: Database<unknown>, work: Work<T>): Promise<T> {
  return db.transaction().execute(async (trx) => {
    await sql`select pg_advisory_xact_lock(${sql.lit(LOCK_ID)})`.execute(trx);
    return work(trx);
  });
}

const LEASE = { name: 'migrations', ms: 30_000 };
const RETRY_MS = 500;

async function withLease<T>(leases: Database<LeaseTables>, work: () => Promise<T>): Promise<T> {
  const lease = { ...LEASE, holder: randomUUID() };
  const context = migrationContext(leases.kind, leases.as<unknown>().db);
  await createLeases(context);
  const unheld = { name: lease.name, holder: null, expires_at: 0 };
  await context.insertMissing<LeaseTables, 'leases'>('leases', 'name', [unheld]).catch((error) => {
    // Another process has just inserted it.
    if (!violatesUnique(error, 'PRIMARY')) throw error;
  });
  while (!(await holdLease(leases, lease))) await setTimeout(RETRY_MS);
  const renewal = setInterval(() => {
    holdLease(leases, lease).catch(() => undefined);
  }, lease.ms / 3);
  try {
    return await work();
  } finally {
    clearInterval(renewal);
    await releaseLease(leases, lease);
  }
}
