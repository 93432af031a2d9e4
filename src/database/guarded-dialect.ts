import type {
  CompiledQuery,
  DatabaseConnection,
  Dialect,
  Driver,
  QueryResult,
  TransactionSettings,
} from 'kysely';
import { timed } from '../telemetry.ts';
import {
  DatabaseUnavailable,
  isConflict,
  isConnectionLost,
  isUnavailable,
  OutcomeUnknown,
} from './errors.ts';
import { withRetries } from './retries.ts';

/** A driver that can close a connection at once, so that it is never used again. */
export interface DiscardingDriver extends Driver {
  discard(connection: DatabaseConnection): void;
  /** Returns the number of open connections. */
  open(): number;
}

/** A connection that runs several statements of a transaction in one round trip, if its driver can. */
export interface BatchingConnection extends DatabaseConnection {
  /** Runs statements in their order, and none behind one that fails. */
  executeAll?(queries: readonly CompiledQuery[]): Promise<QueryResult<unknown>[]>;
}

/** Connections in use and idle, and acquisitions that wait for one. */
export interface ConnectionCounts {
  in_use: number;
  idle: number;
  waiting: number;
}

/** A dialect whose driver is a {@link DiscardingDriver}. */
export interface DiscardingDialect extends Dialect {
  createDriver(): DiscardingDriver;
}

/**
 * Wraps a dialect to classify its errors: {@link DatabaseUnavailable} if a statement had no effect because the database
 * is unavailable, {@link OutcomeUnknown} if it may have had one. Discards connections whose state is in doubt.
 */
export function guardedDialect(
  dialect: DiscardingDialect,
): Dialect & { connections(): ConnectionCounts } {
  const counts = { in_use: 0, waiting: 0 };
  let driver: DiscardingDriver | undefined;
  return {
    connections: () => ({ ...counts, idle: Math.max(0, (driver?.open() ?? 0) - counts.in_use) }),
    createAdapter: () => dialect.createAdapter(),
    createDriver: () => {
      driver = dialect.createDriver();
      return guardedDriver(driver, counts);
    },
    createIntrospector: (db) => dialect.createIntrospector(db),
    createQueryCompiler: () => dialect.createQueryCompiler(),
  };
}

interface GuardedTransaction {
  readOnly: boolean;
  /** True after a statement that may have changed something. */
  wrote: boolean;
  /** The error that ended the transaction. Some databases would run further statements outside of it. */
  brokenBy?: unknown;
}

class GuardedConnection implements BatchingConnection {
  readonly inner: BatchingConnection;
  transaction: GuardedTransaction | undefined;
  discarded = false;
  readonly #discard: () => void;

  constructor(inner: BatchingConnection, discard: () => void) {
    this.inner = inner;
    this.#discard = discard;
  }

  executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const run = () => timed(statementOf(query), () => this.inner.executeQuery<R>(query));
    return this.#guard(run, !isRead(query));
  }

  async executeAll(queries: readonly CompiledQuery[]): Promise<QueryResult<unknown>[]> {
    const { inner } = this;
    if (inner.executeAll) {
      const run = () => timed(batchOf(queries), () => inner.executeAll!(queries));
      return this.#guard(run, !queries.every(isRead));
    }
    const results: QueryResult<unknown>[] = [];
    for (const query of queries) results.push(await this.executeQuery(query));
    return results;
  }

  async #guard<T>(run: () => Promise<T>, writes: boolean): Promise<T> {
    const { transaction } = this;
    if (transaction?.brokenBy) throw transaction.brokenBy;
    if (transaction && writes) transaction.wrote = true;
    try {
      // After a conflict in a transaction, all of it runs again.
      return await (transaction ? run() : withRetries(run));
    } catch (error) {
      const lost = isConnectionLost(error);
      if (lost) this.discard();
      // A server rolls back a transaction whose connection is lost.
      if (lost && writes && !transaction) throw new OutcomeUnknown(error);
      const classified = this.#classify(error);
      if (transaction && (lost || classified !== error || isConflict(error))) {
        transaction.brokenBy = classified;
      }
      throw classified;
    }
  }

  streamQuery<R>(query: CompiledQuery, chunkSize: number): AsyncIterableIterator<QueryResult<R>> {
    return this.inner.streamQuery<R>(query, chunkSize);
  }

  /** Runs a statement that begins or ends a transaction. If it fails, the state of the connection is in doubt. */
  async control(
    name: 'begin' | 'commit' | 'rollback',
    statement: () => Promise<void>,
  ): Promise<void> {
    try {
      await timed({ kind: 'statement', name, sql: name }, statement);
    } catch (error) {
      this.discard();
      throw this.#classify(error);
    }
  }

  async commit(statement: () => Promise<void>): Promise<void> {
    const { brokenBy, wrote, readOnly } = this.transaction!;
    if (brokenBy) throw brokenBy;
    await this.control('commit', () =>
      statement().catch((error) => {
        throw wrote && !readOnly && isConnectionLost(error) ? new OutcomeUnknown(error) : error;
      }),
    );
    this.transaction = undefined;
  }

  discard(): void {
    if (this.discarded) return;
    this.discarded = true;
    this.#discard();
  }

  #classify(error: unknown): unknown {
    // A write in a read-only transaction is a bug of ours, not a read-only server.
    if (this.transaction?.readOnly && !isConnectionLost(error) && isReadOnly(error)) return error;
    return isUnavailable(error) ? new DatabaseUnavailable(error) : error;
  }
}

const isReadOnly = (error: unknown) =>
  ['25006', 'SQLITE_READONLY'].includes(String((error as { code?: unknown }).code));

/** Tells whether a statement certainly changes nothing. */
function isRead({ query, sql }: CompiledQuery): boolean {
  return query.kind === 'SelectQueryNode' || /^\s*(?:select|show|pragma)\b/i.test(sql);
}

const FIRST_WORD = /^\s*(select|insert|update|delete)\b/i;

function statementOf({ sql }: CompiledQuery) {
  const [, word = 'other'] = FIRST_WORD.exec(sql) ?? [];
  return { kind: 'statement', name: word.toLowerCase(), sql } as const;
}

function batchOf(queries: readonly CompiledQuery[]) {
  const sql = queries.map((query) => query.sql).join('; ');
  return { kind: 'statement', name: 'batch', sql } as const;
}

function guardedDriver(driver: DiscardingDriver, counts: Omit<ConnectionCounts, 'idle'>): Driver {
  const guarded = new WeakMap<DatabaseConnection, GuardedConnection>();
  const wrap = (inner: DatabaseConnection) => {
    const known = guarded.get(inner) ?? new GuardedConnection(inner, () => driver.discard(inner));
    guarded.set(inner, known);
    return known;
  };
  const from = (connection: DatabaseConnection) => connection as GuardedConnection;
  const unavailable = (error: unknown): never => {
    throw new DatabaseUnavailable(error);
  };
  return {
    init: () => driver.init().catch(unavailable),
    async acquireConnection() {
      counts.waiting += 1;
      try {
        const acquire = () => driver.acquireConnection();
        const inner = await timed({ kind: 'connection', name: 'acquire' }, acquire);
        counts.in_use += 1;
        return wrap(inner);
      } catch (error) {
        return unavailable(error);
      } finally {
        counts.waiting -= 1;
      }
    },
    async beginTransaction(connection, settings: TransactionSettings) {
      const { inner } = from(connection);
      await from(connection).control('begin', () => driver.beginTransaction(inner, settings));
      from(connection).transaction = {
        readOnly: settings.accessMode === 'read only',
        wrote: false,
      };
    },
    async commitTransaction(connection) {
      const { inner } = from(connection);
      await from(connection).commit(() => driver.commitTransaction(inner));
    },
    /** Never fails: the error that made it necessary is the one to report. */
    async rollbackTransaction(connection) {
      const { inner, discarded } = from(connection);
      from(connection).transaction = undefined;
      if (discarded) return;
      await from(connection)
        .control('rollback', () => driver.rollbackTransaction(inner))
        .catch(() => undefined);
    },
    async releaseConnection(connection) {
      const { inner } = from(connection);
      from(connection).transaction = undefined;
      from(connection).discarded = false;
      counts.in_use -= 1;
      await driver.releaseConnection(inner);
    },
    destroy: () => driver.destroy(),
  };
}
