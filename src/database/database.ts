import { setTimeout } from 'node:timers/promises';
import { Kysely, sql, type Transaction } from 'kysely';
import { DatabaseUnavailable, isConflict } from './errors.ts';
import { type DiscardingDialect, guardedDialect } from './guarded-dialect.ts';
import { createReadinessCheck, type ReadinessTables } from './readiness.ts';
import { mysqlDialect, postgresDialect } from './servers/dialects.ts';
import { sqliteDialect } from './sqlite.ts';

export type DatabaseKind = 'sqlite' | 'postgres' | 'mysql';

export interface DatabaseConfig {
  kind: DatabaseKind;
  /** The path of the file for SQLite, else the URL, which may hold a password. */
  location: string;
  /** Most connections to a server at once. */
  poolSize: number;
  /** Longest time of a statement on a server, in milliseconds; 0 is no limit. */
  timeout: number;
}

/**
 * A connection to one of the three databases. Statements must be such that all three understand them:
 * no `returning`, no booleans; times are integers (milliseconds since 1970), ids text.
 */
export interface Database<Tables> {
  readonly kind: DatabaseKind;
  readonly db: Kysely<Tables>;
  /**
   * Runs `work` in a transaction (read committed, or stricter), again from its start if the database
   * ends it for the sake of another; after ten times it is unavailable. Await nothing in it but its own
   * statements: SQLite has one connection, and everyone else waits for it.
   */
  transaction<T>(work: (trx: Transaction<Tables>) => Promise<T>): Promise<T>;
  /**
   * Runs reads that must agree with each other, such as a page and the count of all pages, on one state
   * of the database: `snapshot(async (trx) => ({ count: await …(trx), rows: await …(trx) }))`. Nothing
   * waits for it on a server, and it waits for nothing; a write in it fails. Like a transaction, it holds
   * a connection, the only one of SQLite: await nothing in it but its own statements.
   */
  snapshot<T>(work: (trx: Transaction<Tables>) => Promise<T>): Promise<T>;
  /** The same connection, as it is seen by a feature: with its tables and no others. */
  as<Other>(): Database<Other>;
  /**
   * Checks that the database, which must be migrated, accepts writes; at most once per second.
   *
   * @throws {DatabaseUnavailable}
   */
  check(): Promise<void>;
  close(): Promise<void>;
}

const ATTEMPTS = 10;

/** How a parameter is said to be an integer of 64 bits where nothing beside it says so. */
export function integer(kind: DatabaseKind, value: number) {
  return sql<number>`cast(${value} as ${sql.raw(kind === 'mysql' ? 'signed' : 'bigint')})`;
}

/** Connects when it is first used. */
export function openDatabase<Tables>(config: DatabaseConfig): Database<Tables> {
  const db = new Kysely<Tables>({ dialect: guardedDialect(dialectOf(config)) });
  const snapshots = db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only');

  const database: Database<Tables> = {
    kind: config.kind,
    db,
    transaction: (work) => retrying(() => db.transaction().execute(work)),
    snapshot: (work) => retrying(() => snapshots.execute(work)),
    as: <Other>() => database as unknown as Database<Other>,
    check: createReadinessCheck(db as unknown as Kysely<ReadinessTables>),
    close: () => db.destroy(),
  };
  return database;
}

async function retrying<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!isConflict(error)) throw error;
      if (attempt === ATTEMPTS) throw new DatabaseUnavailable(error);
      await setTimeout(Math.random() * 10 * attempt);
    }
  }
}

function dialectOf({ kind, location, ...options }: DatabaseConfig): DiscardingDialect {
  switch (kind) {
    case 'sqlite':
      return sqliteDialect(location);
    case 'postgres':
      return postgresDialect({ url: location, ...options });
    case 'mysql':
      return mysqlDialect({ url: location, ...options });
  }
}
