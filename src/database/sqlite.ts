import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { setImmediate, setTimeout } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import {
  CompiledQuery,
  type DatabaseConnection,
  type Driver,
  SqliteAdapter,
  SqliteDialect,
  type SqliteDialectConfig,
  SqliteDriver,
} from 'kysely';
import { LRUCache } from 'lru-cache';

/** How long a write waits while another process writes, in milliseconds. */
const BUSY_TIMEOUT = 5000;
/** Longest pause before it is tried again, in milliseconds. */
const BUSY_PAUSE = 10;
const PREPARED_STATEMENTS = 500;

/**
 * SQLite in a file, which several processes may use at once.
 *
 * It is made readable by its owner alone; SQLite gives the files beside it the same mode.
 */
export function sqliteDialect(path: string): SqliteDialect {
  return new ImmediateSqliteDialect({ database: async () => open(path) });
}

function open(path: string) {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  closeSync(openSync(path, 'a', 0o600));
  const database = new Sqlite(path, { timeout: BUSY_TIMEOUT });
  database.pragma('journal_mode = WAL');
  // What was acknowledged is on the disk.
  database.pragma('synchronous = FULL');
  database.pragma('foreign_keys = ON');
  database.pragma('trusted_schema = OFF');
  // SQLite would wait with the event loop stopped; the connection below waits without.
  database.pragma('busy_timeout = 0');
  const prepared = new LRUCache<string, Sqlite.Statement>({ max: PREPARED_STATEMENTS });
  return {
    close: () => void database.close(),
    prepare: (sql: string) => {
      const statement = prepared.get(sql) ?? database.prepare(sql);
      prepared.set(sql, statement);
      return statement as never;
    },
  };
}

class ImmediateSqliteDialect extends SqliteDialect {
  readonly #config: SqliteDialectConfig;

  constructor(config: SqliteDialectConfig) {
    super(config);
    this.#config = config;
  }

  override createDriver(): Driver {
    return new ImmediateSqliteDriver(this.#config);
  }

  override createAdapter(): SqliteAdapter {
    return new TransactionalSqliteAdapter();
  }
}

/**
 * A deferred transaction that reads before it writes fails, with no waiting, if another process has
 * written in between; an immediate one waits at its start.
 */
class ImmediateSqliteDriver extends SqliteDriver {
  override async acquireConnection(): Promise<DatabaseConnection> {
    return patient(await super.acquireConnection());
  }

  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    // Everything here is synchronous: without this, one transaction would follow the other, each with
    // its wait for the disk, until none is left, and only then would sockets be looked at again.
    await setImmediate();
    await connection.executeQuery(CompiledQuery.raw('begin immediate'));
  }
}

const patientConnections = new WeakMap<DatabaseConnection, DatabaseConnection>();

/** Tries a statement again while another process writes. One that was refused has done nothing. */
function patient(inner: DatabaseConnection): DatabaseConnection {
  const known = patientConnections.get(inner);
  if (known) return known;
  const connection: DatabaseConnection = {
    async executeQuery<R>(query: CompiledQuery) {
      const deadline = Date.now() + BUSY_TIMEOUT;
      for (;;) {
        try {
          return await inner.executeQuery<R>(query);
        } catch (error) {
          const { code } = error as { code?: string };
          if (code !== 'SQLITE_BUSY' || Date.now() > deadline) throw error;
          await setTimeout(1 + Math.random() * BUSY_PAUSE);
        }
      }
    },
    streamQuery: (query, chunkSize) => inner.streamQuery(query, chunkSize),
  };
  patientConnections.set(inner, connection);
  return connection;
}

/** Lets migrations run in one transaction, which keeps the migrations of other processes waiting. */
class TransactionalSqliteAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}
