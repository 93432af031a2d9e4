import type {
  CompiledQuery,
  DatabaseConnection,
  Dialect,
  Driver,
  QueryResult,
  TransactionSettings,
} from 'kysely';
import {
  DatabaseUnavailable,
  isConflict,
  isLost,
  isUnavailable,
  OutcomeUnknown,
} from './errors.ts';

/** A driver that can give a connection up: closes it at once, so that it is never used again. */
export interface DiscardingDriver extends Driver {
  discard(connection: DatabaseConnection): void;
}

/** A dialect whose driver is a {@link DiscardingDriver}. */
export interface DiscardingDialect extends Dialect {
  createDriver(): DiscardingDriver;
}

/**
 * A dialect that says what errors mean: {@link DatabaseUnavailable} where a statement was not carried out
 * because the database cannot, {@link OutcomeUnknown} where it may have been. A connection whose state is
 * in doubt is discarded.
 */
export function guardedDialect(dialect: DiscardingDialect): Dialect {
  return {
    createAdapter: () => dialect.createAdapter(),
    createDriver: () => guardedDriver(dialect.createDriver()),
    createIntrospector: (db) => dialect.createIntrospector(db),
    createQueryCompiler: () => dialect.createQueryCompiler(),
  };
}

interface GuardedTransaction {
  readOnly: boolean;
  /** Whether there was a statement that may have changed something. */
  wrote: boolean;
  /** The error after which the transaction must not go on; some databases would, outside of it. */
  brokenBy?: unknown;
}

class GuardedConnection implements DatabaseConnection {
  readonly inner: DatabaseConnection;
  transaction: GuardedTransaction | undefined;
  discarded = false;
  readonly #discard: () => void;

  constructor(inner: DatabaseConnection, discard: () => void) {
    this.inner = inner;
    this.#discard = discard;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const { transaction } = this;
    if (transaction?.brokenBy) throw transaction.brokenBy;
    const writes = !isRead(query);
    if (transaction && writes) transaction.wrote = true;
    try {
      return await this.inner.executeQuery<R>(query);
    } catch (error) {
      const lost = isLost(error);
      if (lost) this.discard();
      // The server undoes a transaction whose connection it loses.
      if (lost && writes && !transaction) throw new OutcomeUnknown(error);
      const meaning = this.#meaningOf(error);
      if (transaction && (lost || meaning !== error || isConflict(error))) {
        transaction.brokenBy = meaning;
      }
      throw meaning;
    }
  }

  streamQuery<R>(query: CompiledQuery, chunkSize: number): AsyncIterableIterator<QueryResult<R>> {
    return this.inner.streamQuery<R>(query, chunkSize);
  }

  /** Runs a statement that begins or ends a transaction; a connection on which one failed is in doubt. */
  async control(statement: () => Promise<void>): Promise<void> {
    try {
      await statement();
    } catch (error) {
      this.discard();
      throw this.#meaningOf(error);
    }
  }

  async commit(statement: () => Promise<void>): Promise<void> {
    const { brokenBy, wrote, readOnly } = this.transaction!;
    if (brokenBy) throw brokenBy;
    await this.control(() =>
      statement().catch((error) => {
        throw wrote && !readOnly && isLost(error) ? new OutcomeUnknown(error) : error;
      }),
    );
    this.transaction = undefined;
  }

  discard(): void {
    if (this.discarded) return;
    this.discarded = true;
    this.#discard();
  }

  #meaningOf(error: unknown): unknown {
    // A write in a transaction that was begun as read-only is a fault of ours.
    if (this.transaction?.readOnly && !isLost(error) && isReadOnly(error)) return error;
    return isUnavailable(error) ? new DatabaseUnavailable(error) : error;
  }
}

const isReadOnly = (error: unknown) =>
  ['25006', 'SQLITE_READONLY'].includes(String((error as { code?: unknown }).code));

/** Statements that are not known to change nothing count as writes. */
function isRead({ query, sql }: CompiledQuery): boolean {
  return query.kind === 'SelectQueryNode' || /^\s*(?:select|show|pragma)\b/i.test(sql);
}

function guardedDriver(driver: DiscardingDriver): Driver {
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
    acquireConnection: () => driver.acquireConnection().then(wrap, unavailable),
    async beginTransaction(connection, settings: TransactionSettings) {
      const { inner } = from(connection);
      await from(connection).control(() => driver.beginTransaction(inner, settings));
      from(connection).transaction = {
        readOnly: settings.accessMode === 'read only',
        wrote: false,
      };
    },
    async commitTransaction(connection) {
      const { inner } = from(connection);
      await from(connection).commit(() => driver.commitTransaction(inner));
    },
    /** Never fails: the error that made it necessary is the one to be told. */
    async rollbackTransaction(connection) {
      const { inner, discarded } = from(connection);
      from(connection).transaction = undefined;
      if (discarded) return;
      await from(connection)
        .control(() => driver.rollbackTransaction(inner))
        .catch(() => undefined);
    },
    async releaseConnection(connection) {
      const { inner } = from(connection);
      from(connection).transaction = undefined;
      from(connection).discarded = false;
      await driver.releaseConnection(inner);
    },
    destroy: () => driver.destroy(),
  };
}
