import { type Kysely, sql, type Transaction } from 'kysely';
import { TransactionExpelled } from './errors.ts';
import {
  type ConnectionCounts,
  type DiscardingDialect,
  guardedDialect,
  type Purpose,
} from './guarded-dialect.ts';
import { createReadinessCheck, type ReadinessTables } from './readiness.ts';
import { withRetries } from './retries.ts';
import { mysqlDialect, postgresDialect } from './servers/dialects.ts';
import { sqliteDialect } from './sqlite.ts';
import { inTransaction, openKysely } from './transactions.ts';

export type DatabaseKind = 'sqlite' | 'postgres' | 'mysql';

export interface DatabaseConfig {
  kind: DatabaseKind;
  /** The path of the file for SQLite, else the URL, which may name several hosts and hold a password. */
  location: string;
  /** Most connections to a server at once. */
  poolSize: number;
  /** Longest time of a statement on a server, in milliseconds; 0 is no limit. */
  timeout: number;
}

/**
 * A connection to one of the three databases. Statements must work on all three: no `returning` and no booleans; times
 * are integers (milliseconds since 1970), ids text.
 *
 * On SQLite, transactions run one after the other, and those that wait at the same time share a commit (SqliteWriter). Each
 * succeeds once it is on the disk, with the others; one that throws is undone alone, and runs again if those before it, whose
 * changes it may have seen, cannot be committed. Nobody sees what is not committed:
 * reads outside of transactions, and snapshots, have connections of their own, and wait for no transaction. Whoever
 * awaits a transaction, or a statement that writes, sees what it has written in every later read.
 */
export interface Database<Tables> {
  readonly kind: DatabaseKind;
  readonly db: Kysely<Tables>;
  /**
   * Runs `work` in a transaction (read committed, or stricter). After a conflict with another transaction, `work` runs
   * again, at most ten times. Await nothing in it but its own statements: on SQLite, every other transaction waits for
   * it; if it takes more than 20 ms while others wait to be committed with it, it is undone and runs again, alone.
   */
  transaction<T>(work: (trx: Transaction<Tables>) => Promise<T>): Promise<T>;
  /**
   * Runs reads on one state of the database, so that a page agrees with its count:
   * `snapshot(async (trx) => ({ count: await …(trx), rows: await …(trx) }))`. Takes no locks; a write in it fails. Holds
   * a connection, the only one for snapshots of SQLite: await nothing in it but its own statements.
   */
  snapshot<T>(work: (trx: Transaction<Tables>) => Promise<T>): Promise<T>;
  /** Returns the same connection with the tables of one feature. */
  as<Other>(): Database<Other>;
  /**
   * Checks that the database accepts writes, at most once per second. Its tables must exist.
   *
   * @throws {DatabaseUnavailable}
   */
  check(): Promise<void>;
  /** Returns the numbers of connections now, and of those who wait for one. */
  connections(): ConnectionCounts;
  close(): Promise<void>;
}

/** A transaction that one feature hands to another, which knows its own tables alone. */
// biome-ignore lint/suspicious/noExplicitAny: neither knows the tables of the other
export type AnyTransaction = Transaction<any>;

/** A 64-bit integer as a parameter, for places where the database cannot infer its type. */
export function integer(kind: DatabaseKind, value: number) {
  return sql<number>`cast(${value} as ${sql.raw(kind === 'mysql' ? 'signed' : 'bigint')})`;
}

/** Returns a database that connects when it is first used. */
export function openDatabase<Tables>(config: DatabaseConfig): Database<Tables> {
  const dialect = guardedDialect(dialectOf(config));
  const db = openKysely<Tables>(dialect);
  const database: Database<Tables> = {
    kind: config.kind,
    db,
    transaction(work) {
      let purpose: Purpose = 'transaction';
      return withRetries(() =>
        inTransaction(db, dialect, { purpose }, work).catch((error) => {
          if (error instanceof TransactionExpelled) purpose = 'long transaction';
          throw error;
        }),
      );
    },
    snapshot: (work) => withRetries(() => inTransaction(db, dialect, SNAPSHOT, work)),
    as: <Other>() => database as unknown as Database<Other>,
    check: createReadinessCheck(db as unknown as Kysely<ReadinessTables>),
    connections: () => dialect.driver.connections(),
    async close() {
      await db.destroy();
      await dialect.driver.destroy();
    },
  };
  return database;
}

const SNAPSHOT = {
  purpose: 'snapshot',
  settings: { isolationLevel: 'repeatable read', accessMode: 'read only' },
} as const;

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
