import type {
  CompiledQuery,
  DatabaseConnection,
  Dialect,
  Driver,
  QueryResult,
  TransactionSettings,
} from 'kysely';
import { LRUCache } from 'lru-cache';
import { timed } from '../telemetry.ts';
import {
  DatabaseUnavailable,
  DatabaseUnusable,
  isConflict,
  isConnectionLost,
  isUnavailable,
  OutcomeUnknown,
  SharedCommitFailed,
} from './errors.ts';
import { withRetries } from './retries.ts';

/**
 * Work that a connection is acquired for. A long transaction may pause between its statements; on SQLite it shares its
 * commit with no other.
 */
export type Purpose = 'transaction' | 'long transaction' | 'snapshot';

/** A driver that can close a connection at once, so that it is never used again. */
export interface DiscardingDriver extends Driver {
  /** Acquires a connection for a transaction or a snapshot that begins on it at once. */
  acquireFor(purpose: Purpose): Promise<DatabaseConnection>;
  discard(connection: DatabaseConnection): void;
  connections(): ConnectionCounts;
}

/** A connection that runs several statements of a transaction in one go, if its driver can. */
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

/** A dialect with one driver, which can acquire connections for a purpose. */
export interface GuardedDialect extends Dialect {
  readonly driver: GuardedDriver;
}

/**
 * Wraps a dialect to classify its errors: {@link DatabaseUnavailable} if a statement had no effect because the database
 * is unavailable, {@link OutcomeUnknown} if it may have had one. Discards connections whose state is in doubt.
 */
export function guardedDialect(dialect: DiscardingDialect): GuardedDialect {
  const driver = new GuardedDriver(dialect.createDriver());
  return {
    driver,
    createAdapter: () => dialect.createAdapter(),
    createDriver: () => driver,
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
    const { operation, writes } = statementOf(query);
    return this.#guard(() => timed(operation, () => this.inner.executeQuery<R>(query)), writes);
  }

  async executeAll(queries: readonly CompiledQuery[]): Promise<QueryResult<unknown>[]> {
    const { inner } = this;
    if (inner.executeAll) {
      const run = () => timed(batchOf(queries), () => inner.executeAll!(queries));
      const writes = queries.some((query) => statementOf(query).writes);
      return this.#guard(run, writes);
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

interface Statement {
  operation: Parameters<typeof timed>[0];
  /** False if it certainly changes nothing. */
  writes: boolean;
}

/** Statements by their SQL. */
const statements = new LRUCache<string, Statement>({ max: 500 });
const FIRST_WORD = /^\s*(select|insert|update|delete)\b/i;

function statementOf({ query, sql }: CompiledQuery): Statement {
  const known = statements.get(sql);
  if (known) return known;
  const [, word = 'other'] = FIRST_WORD.exec(sql) ?? [];
  const isRead = query.kind === 'SelectQueryNode' || /^\s*(?:select|show|pragma)\b/i.test(sql);
  const operation = { kind: 'statement', name: word.toLowerCase(), sql } as const;
  const statement = { operation, writes: !isRead };
  statements.set(sql, statement);
  return statement;
}

function batchOf(queries: readonly CompiledQuery[]) {
  const sql = queries.map((query) => query.sql).join('; ');
  return { kind: 'statement', name: 'batch', sql } as const;
}

/** The driver of a {@link guardedDialect}. */
class GuardedDriver implements Driver {
  readonly #driver: DiscardingDriver;
  #ended: Promise<void> | undefined;

  constructor(driver: DiscardingDriver) {
    this.#driver = driver;
  }

  connections(): ConnectionCounts {
    return this.#driver.connections();
  }

  async init(): Promise<void> {
    await this.#driver.init().catch(explainUnavailable);
  }

  acquireConnection(): Promise<GuardedConnection> {
    return this.#guarded(this.#driver.acquireConnection());
  }

  acquireFor(purpose: Purpose): Promise<GuardedConnection> {
    return this.#guarded(this.#driver.acquireFor(purpose));
  }

  async beginTransaction(
    connection: DatabaseConnection,
    settings: TransactionSettings,
  ): Promise<void> {
    const guarded = connection as GuardedConnection;
    await guarded.control('begin', () => this.#driver.beginTransaction(guarded.inner, settings));
    guarded.transaction = { readOnly: settings.accessMode === 'read only', wrote: false };
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    const guarded = connection as GuardedConnection;
    await guarded.commit(() => this.#driver.commitTransaction(guarded.inner));
  }

  /**
   * Fails only if the error that made it necessary may have been caused by changes that are undone, too: that one is not
   * to be reported then.
   *
   * @throws {SharedCommitFailed}
   */
  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    const guarded = connection as GuardedConnection;
    guarded.transaction = undefined;
    if (guarded.discarded) return;
    await guarded
      .control('rollback', () => this.#driver.rollbackTransaction(guarded.inner))
      .catch((error) => {
        if (error instanceof SharedCommitFailed) throw error;
      });
  }

  async releaseConnection(connection: DatabaseConnection): Promise<void> {
    await this.#driver.releaseConnection((connection as GuardedConnection).inner);
  }

  destroy(): Promise<void> {
    this.#ended ??= this.#driver.destroy();
    return this.#ended;
  }

  async #guarded(acquired: Promise<DatabaseConnection>): Promise<GuardedConnection> {
    try {
      const inner = await acquired;
      return new GuardedConnection(inner, () => this.#driver.discard(inner));
    } catch (error) {
      return explainUnavailable(error);
    }
  }
}

function explainUnavailable(error: unknown): never {
  throw error instanceof DatabaseUnusable ? error : new DatabaseUnavailable(error);
}
