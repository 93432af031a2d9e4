import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import type { CompiledQuery, QueryResult } from 'kysely';
import { LRUCache } from 'lru-cache';
import { DatabaseUnusable } from './errors.ts';

/** Longest wait of a statement while another process writes. */
export const BUSY_TIMEOUT_MS = 5000;
/** Longest pause before a busy statement is retried. */
const MAX_BUSY_PAUSE_MS = 10;
const MAX_PREPARED_STATEMENTS = 500;

/** Ending of a database file that is being restored. */
export const RESTORING = '.restoring';

/** A connection to a database file, opened when it is used, and again after it was closed. */
export class SqliteFile {
  readonly #path: string;
  readonly #readOnly: boolean;
  #opened: Sqlite.Database | undefined;
  readonly #prepared = new LRUCache<string, Sqlite.Statement>({ max: MAX_PREPARED_STATEMENTS });

  constructor(path: string, { readOnly }: { readOnly: boolean }) {
    this.#path = path;
    this.#readOnly = readOnly;
  }

  get isOpen(): boolean {
    return this.#opened !== undefined;
  }

  get inTransaction(): boolean {
    return this.#opened?.inTransaction ?? false;
  }

  /** Tells whether a statement only returns rows. */
  isRead(sql: string): boolean {
    const { reader, readonly } = this.#prepare(sql);
    return reader && readonly;
  }

  run<R>({ sql, parameters }: Pick<CompiledQuery, 'sql' | 'parameters'>): QueryResult<R> {
    const statement = this.#prepare(sql);
    if (statement.reader) return { rows: statement.all(parameters) as R[] };
    const { changes, lastInsertRowid } = statement.run(parameters);
    return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) };
  }

  /** Runs a statement without parameters and results, such as `commit`. */
  exec(sql: string): void {
    this.#prepare(sql).run();
  }

  close(): void {
    this.#prepared.clear();
    this.#opened?.close();
    this.#opened = undefined;
  }

  #prepare(sql: string): Sqlite.Statement {
    const known = this.#prepared.get(sql);
    if (known) return known;
    this.#opened ??= open(this.#path, this.#readOnly);
    const statement = this.#opened.prepare(sql);
    this.#prepared.set(sql, statement);
    return statement;
  }
}

/** @throws {DatabaseUnusable} if a restore has not put the file in place yet */
function open(path: string, readOnly: boolean): Sqlite.Database {
  if (!existsSync(path)) create(path);
  const database = new Sqlite(path, { timeout: BUSY_TIMEOUT_MS });
  try {
    configure(database, readOnly);
  } catch (error) {
    database.close();
    throw error;
  }
  return database;
}

function configure(database: Sqlite.Database, readOnly: boolean): void {
  database.pragma('journal_mode = WAL');
  // A committed transaction is on the disk.
  database.pragma('synchronous = FULL');
  database.pragma('foreign_keys = ON');
  database.pragma('trusted_schema = OFF');
  // Removed data, such as the names of a deleted account, does not stay in free space.
  database.pragma('secure_delete = ON');
  // Savepoints keep the pages that they change: in memory, instead of in a file that is made for each group.
  database.pragma('temp_store = MEMORY');
  // SQLite would block the event loop while it waits; retryingWhileBusy does not.
  database.pragma('busy_timeout = 0');
  if (readOnly) database.pragma('query_only = ON');
}

/** Creates a file that only its owner may read; SQLite gives the files beside it the same mode. */
function create(path: string): void {
  if (existsSync(path + RESTORING)) {
    throw new DatabaseUnusable('a restore has not ended; repeat it if it was interrupted');
  }
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  // Never for a file that is there: closing it would release the locks that SQLite holds on it in this process.
  closeSync(openSync(path, 'a', 0o600));
}

/** Tells whether another process holds the lock that a statement needs. */
export const isBusy = (error: unknown) => (error as { code?: string }).code === 'SQLITE_BUSY';

/** Retries work while another process writes. A statement that was refused as busy has had no effect. */
export async function retryingWhileBusy<T>(work: () => T, since = performance.now()): Promise<T> {
  const deadline = since + BUSY_TIMEOUT_MS;
  for (;;) {
    try {
      return work();
    } catch (error) {
      if (!isBusy(error) || performance.now() > deadline) throw error;
      await setTimeout(1 + Math.random() * MAX_BUSY_PAUSE_MS);
    }
  }
}
