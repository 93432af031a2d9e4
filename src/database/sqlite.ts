import { setTimeout } from 'node:timers/promises';
import {
  type CompiledQuery,
  type DatabaseConnection,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type TransactionSettings,
} from 'kysely';
import { isConnectionLost } from './errors.ts';
import type {
  BatchingConnection,
  ConnectionCounts,
  DiscardingDialect,
  DiscardingDriver,
  Purpose,
} from './guarded-dialect.ts';
import { retryingWhileBusy, SqliteFile } from './sqlite-file.ts';
import { SqliteSnapshots } from './sqlite-snapshots.ts';
import type { SqliteTransaction } from './sqlite-transaction.ts';
import { SqliteWriter } from './sqlite-writer.ts';

/** Longest wait for transactions that run while the database is closed. */
const CLOSE_TIMEOUT_MS = 1000;

/** SQLite in a file that several processes may use at once, and that only its owner may read. */
export function sqliteDialect(path: string): DiscardingDialect {
  return {
    createAdapter: () => new TransactionalSqliteAdapter(),
    createDriver: () => new SqliteDriver(path),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

/**
 * Uses three connections to one file: one for everything that writes, one for single reads, and one for snapshots, on
 * which a single read would see an older state. Readers wait for no writer, and see what is committed.
 */
class SqliteDriver implements DiscardingDriver {
  readonly #files: readonly SqliteFile[];
  readonly #reads: SqliteFile;
  readonly #writer: SqliteWriter;
  readonly #snapshots: SqliteSnapshots;
  #isClosed = false;

  constructor(path: string) {
    this.#reads = new SqliteFile(path, { readOnly: true });
    const snapshots = new SqliteFile(path, { readOnly: true });
    const writes = new SqliteFile(path, { readOnly: false });
    // The last to be closed moves everything into the file of the database.
    this.#files = [this.#reads, snapshots, writes];
    this.#snapshots = new SqliteSnapshots(snapshots);
    this.#writer = new SqliteWriter(writes);
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<SqliteConnection> {
    if (this.#isClosed) throw new Error('the database has been closed');
    return new SqliteConnection((query) => this.#runAlone(query));
  }

  async acquireFor(purpose: Purpose): Promise<SqliteConnection> {
    const connection = await this.acquireConnection();
    connection.transaction = await this.#enter(purpose);
    return connection;
  }

  /** Begins a transaction on a connection that was acquired for no purpose, as migrations do. */
  async beginTransaction(
    connection: DatabaseConnection,
    { accessMode }: TransactionSettings,
  ): Promise<void> {
    const purpose = accessMode === 'read only' ? 'snapshot' : 'long transaction';
    (connection as SqliteConnection).transaction ??= await this.#enter(purpose);
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await (connection as SqliteConnection).transaction!.commit();
    (connection as SqliteConnection).transaction = undefined;
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    const { transaction } = connection as SqliteConnection;
    (connection as SqliteConnection).transaction = undefined;
    await transaction?.rollback();
  }

  releaseConnection(connection: DatabaseConnection): Promise<void> {
    return this.rollbackTransaction(connection);
  }

  discard(connection: DatabaseConnection): void {
    (connection as SqliteConnection).transaction?.discard();
  }

  connections(): ConnectionCounts {
    const in_use = Number(this.#writer.isBusy) + Number(this.#snapshots.isBusy);
    const open = this.#files.filter(({ isOpen }) => isOpen).length;
    const waiting = this.#writer.waiting + this.#snapshots.waiting;
    return { in_use, idle: Math.max(0, open - in_use), waiting };
  }

  async destroy(): Promise<void> {
    this.#isClosed = true;
    const timeout = setTimeout(CLOSE_TIMEOUT_MS, undefined, { ref: false });
    await Promise.race([this.#writer.idle(), timeout]);
    for (const file of this.#files) file.close();
  }

  #enter(purpose: Purpose): Promise<SqliteTransaction> {
    if (purpose === 'snapshot') return this.#snapshots.enter();
    return this.#writer.enter(purpose === 'long transaction');
  }

  /** Runs a statement outside of transactions. One that writes is a transaction of its own. */
  async #runAlone<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    try {
      const { sql } = query;
      const isRead = await retryingWhileBusy(() => this.#reads.isRead(sql));
      if (isRead) return await retryingWhileBusy(() => this.#reads.run<R>(query));
    } catch (error) {
      if (isConnectionLost(error)) this.#reads.close();
      throw error;
    }
    const transaction = await this.#writer.enter(false);
    try {
      const result = transaction.run<R>(query);
      await transaction.commit();
      return result;
    } catch (error) {
      await transaction.rollback();
      throw error;
    }
  }
}

/** A transaction or a snapshot, if one has begun, else statements on their own. */
class SqliteConnection implements BatchingConnection {
  readonly #runAlone: <R>(query: CompiledQuery) => Promise<QueryResult<R>>;
  transaction: SqliteTransaction | undefined;

  constructor(runAlone: <R>(query: CompiledQuery) => Promise<QueryResult<R>>) {
    this.#runAlone = runAlone;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    return this.transaction ? this.transaction.run(query) : this.#runAlone(query);
  }

  /** Runs statements of a transaction. */
  async executeAll(queries: readonly CompiledQuery[]): Promise<QueryResult<unknown>[]> {
    return queries.map((query) => this.transaction!.run(query));
  }

  async *streamQuery<R>(query: CompiledQuery): AsyncIterableIterator<QueryResult<R>> {
    yield await this.executeQuery<R>(query);
  }
}

/** Runs migrations in one transaction, for which the migrations of other processes wait. */
class TransactionalSqliteAdapter extends SqliteAdapter {
  /** The driver queues, where the time of waiting is measured; kysely would outside of it. */
  override get supportsMultipleConnections(): boolean {
    return true;
  }

  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}
