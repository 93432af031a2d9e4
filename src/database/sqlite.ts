import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
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
import { DatabaseUnusable } from './errors.ts';
import type { DiscardingDialect, DiscardingDriver } from './guarded-dialect.ts';

/** Longest wait of a statement while another process writes. */
const BUSY_TIMEOUT_MS = 5000;
/** Longest pause before a busy statement is retried. */
const MAX_BUSY_PAUSE_MS = 10;
const MAX_PREPARED_STATEMENTS = 500;

/** SQLite in a file that several processes may use at once, and that only its owner may read. */
export function sqliteDialect(path: string): DiscardingDialect {
  return {
    createAdapter: () => new TransactionalSqliteAdapter(),
    createDriver: () => new ImmediateSqliteDriver(new SqliteFile(path)),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

/** A database file that is opened when it is used, and again after it was closed. */
class SqliteFile implements SqliteDatabase {
  readonly #path: string;
  #opened: Sqlite.Database | undefined;
  #allowsWrites = true;
  readonly #prepared = new LRUCache<string, Sqlite.Statement>({ max: MAX_PREPARED_STATEMENTS });

  constructor(path: string) {
    this.#path = path;
  }

  get inTransaction(): boolean {
    return this.#opened?.inTransaction ?? false;
  }

  get isOpen(): boolean {
    return this.#opened !== undefined;
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

/** Ending of a database file that is being restored. */
export const RESTORING = '.restoring';

/** @throws {DatabaseUnusable} if a restore has not put the file in place yet */
function open(path: string): Sqlite.Database {
  if (existsSync(path + RESTORING) && !existsSync(path)) {
    throw new DatabaseUnusable('a restore has not ended; repeat it if it was interrupted');
  }
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  // SQLite gives the files beside this one the same mode.
  closeSync(openSync(path, 'a', 0o600));
  const database = new Sqlite(path, { timeout: BUSY_TIMEOUT_MS });
  database.pragma('journal_mode = WAL');
  // A committed transaction is on the disk.
  database.pragma('synchronous = FULL');
  database.pragma('foreign_keys = ON');
  database.pragma('trusted_schema = OFF');
  // Removed data, such as the names of a deleted account, does not stay in free space.
  database.pragma('secure_delete = ON');
  // SQLite would block the event loop while it waits; retryingWhileBusy does not.
  database.pragma('busy_timeout = 0');
  return database;
}

/**
 * Begins transactions as immediate: they wait at their start for other writers. A deferred one that reads before it
 * writes would fail if another process has written in between.
 */
class ImmediateSqliteDriver extends SqliteDriver implements DiscardingDriver {
  readonly #file: SqliteFile;
  #inUse = false;
  readonly #waiting: (() => void)[] = [];

  constructor(file: SqliteFile) {
    super({ database: file });
    this.#file = file;
  }

  /** Hands the one connection on in the order of the calls. */
  override async acquireConnection(): Promise<DatabaseConnection> {
    if (this.#inUse) await new Promise<void>((resume) => this.#waiting.push(resume));
    this.#inUse = true;
    return retryingWhileBusy(await super.acquireConnection());
  }

  override async releaseConnection(): Promise<void> {
    const resume = this.#waiting.shift();
    if (resume) resume();
    else this.#inUse = false;
  }

  override async beginTransaction(
    connection: DatabaseConnection,
    { accessMode }: TransactionSettings = {},
  ): Promise<void> {
    // Everything else here is synchronous: without this pause, the event loop would not read from sockets until all
    // transactions that wait are done.
    await setImmediate();
    const readOnly = accessMode === 'read only';
    if (readOnly) this.#file.allowWrites(false);
    await connection.executeQuery(CompiledQuery.raw(readOnly ? 'begin' : 'begin immediate'));
  }

  override async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await super.commitTransaction(connection);
    this.#file.allowWrites(true);
  }

  /** SQLite ends a transaction by itself after some errors, such as a full disk. */
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#file.inTransaction) await super.rollbackTransaction(connection);
    this.#file.allowWrites(true);
  }

  discard(): void {
    this.#file.close();
  }

  open(): number {
    return this.#file.isOpen ? 1 : 0;
  }
}

const retryingConnections = new WeakMap<DatabaseConnection, DatabaseConnection>();

/** Retries statements while another process writes. A statement that was refused as busy has had no effect. */
function retryingWhileBusy(inner: DatabaseConnection): DatabaseConnection {
  const known = retryingConnections.get(inner);
  if (known) return known;
  const connection: DatabaseConnection = {
    async executeQuery<R>(query: CompiledQuery) {
      const deadline = Date.now() + BUSY_TIMEOUT_MS;
      for (;;) {
        try {
          return await inner.executeQuery<R>(query);
        } catch (error) {
          const { code } = error as { code?: string };
          if (code !== 'SQLITE_BUSY' || Date.now() > deadline) throw error;
          await setTimeout(1 + Math.random() * MAX_BUSY_PAUSE_MS);
        }
      }
    },
    streamQuery: (query, chunkSize) => inner.streamQuery(query, chunkSize),
  };
  retryingConnections.set(inner, connection);
  return connection;
}

/** Runs migrations in one transaction, for which the migrations of other processes wait. */
class TransactionalSqliteAdapter extends SqliteAdapter {
  /** The driver queues for the connection, where the time of waiting is measured; kysely would outside of it. */
  override get supportsMultipleConnections(): boolean {
    return true;
  }

  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}
