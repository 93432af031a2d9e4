import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { setImmediate, setTimeout } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import {
  CompiledQuery,
  type DatabaseConnection,
  SqliteAdapter,
  type SqliteDatabase,
  SqliteDriver,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type SqliteStatement,
  type TransactionSettings,
} from 'kysely';
import { LRUCache } from 'lru-cache';
import type { DiscardingDialect, DiscardingDriver } from './guarded-dialect.ts';

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
export function sqliteDialect(path: string): DiscardingDialect {
  return {
    createAdapter: () => new TransactionalSqliteAdapter(),
    createDriver: () => new ImmediateSqliteDriver(new SqliteFile(path)),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

/** The file, which is opened when it is used, and again after it was closed. */
class SqliteFile implements SqliteDatabase {
  readonly #path: string;
  #opened: Sqlite.Database | undefined;
  #allowsWrites = true;
  readonly #prepared = new LRUCache<string, Sqlite.Statement>({ max: PREPARED_STATEMENTS });

  constructor(path: string) {
    this.#path = path;
  }

  get inTransaction(): boolean {
    return this.#opened?.inTransaction ?? false;
  }

  allowWrites(allowed: boolean): void {
    if (allowed === this.#allowsWrites) return;
    this.#open().pragma(`query_only = ${allowed ? 'off' : 'on'}`);
    this.#allowsWrites = allowed;
  }

  prepare(sql: string): SqliteStatement {
    const statement = this.#prepared.get(sql) ?? this.#open().prepare(sql);
    this.#prepared.set(sql, statement);
    return statement as never;
  }

  close(): void {
    this.#prepared.clear();
    this.#opened?.close();
    this.#opened = undefined;
    this.#allowsWrites = true;
  }

  #open(): Sqlite.Database {
    this.#opened ??= open(this.#path);
    return this.#opened;
  }
}

function open(path: string): Sqlite.Database {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  closeSync(openSync(path, 'a', 0o600));
  const database = new Sqlite(path, { timeout: BUSY_TIMEOUT });
  database.pragma('journal_mode = WAL');
  // What was acknowledged is on the disk.
  database.pragma('synchronous = FULL');
  database.pragma('foreign_keys = ON');
  database.pragma('trusted_schema = OFF');
  // What is removed, the names of a deleted account for instance, does not stay in free space.
  database.pragma('secure_delete = ON');
  // SQLite would wait with the event loop stopped; the connection below waits without.
  database.pragma('busy_timeout = 0');
  return database;
}

/**
 * A deferred transaction that reads before it writes fails, with no waiting, if another process has
 * written in between; an immediate one waits at its start.
 */
class ImmediateSqliteDriver extends SqliteDriver implements DiscardingDriver {
  readonly #file: SqliteFile;

  constructor(file: SqliteFile) {
    super({ database: file });
    this.#file = file;
  }

  override async acquireConnection(): Promise<DatabaseConnection> {
    return patient(await super.acquireConnection());
  }

  override async beginTransaction(
    connection: DatabaseConnection,
    { accessMode }: TransactionSettings = {},
  ): Promise<void> {
    // Everything here is synchronous: without this, one transaction would follow the other, each with
    // its wait for the disk, until none is left, and only then would sockets be looked at again.
    await setImmediate();
    const readOnly = accessMode === 'read only';
    if (readOnly) this.#file.allowWrites(false);
    await connection.executeQuery(CompiledQuery.raw(readOnly ? 'begin' : 'begin immediate'));
  }

  override async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await super.commitTransaction(connection);
    this.#file.allowWrites(true);
  }

  /** SQLite ends a transaction by itself after some errors, a full disk for example. */
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#file.inTransaction) await super.rollbackTransaction(connection);
    this.#file.allowWrites(true);
  }

  discard(): void {
    this.#file.close();
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
