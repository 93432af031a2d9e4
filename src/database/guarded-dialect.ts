import type {
  CompiledQuery,
  DatabaseConnection,
  Dialect,
  Driver,
  QueryResult,
  TransactionSettings,
} from 'kysely';
import { DatabaseUnavailable, isUnavailable } from './errors.ts';

/** A dialect whose driver says {@link DatabaseUnavailable} in place of the many ways in which drivers put it. */
export function guardedDialect(dialect: Dialect): Dialect {
  return {
    createAdapter: () => dialect.createAdapter(),
    createDriver: () => guardedDriver(dialect.createDriver()),
    createIntrospector: (db) => dialect.createIntrospector(db),
    createQueryCompiler: () => dialect.createQueryCompiler(),
  };
}

function translate(error: unknown): never {
  throw isUnavailable(error) ? new DatabaseUnavailable(error) : error;
}

class GuardedConnection implements DatabaseConnection {
  readonly inner: DatabaseConnection;

  constructor(inner: DatabaseConnection) {
    this.inner = inner;
  }

  executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    return this.inner.executeQuery<R>(query).catch(translate);
  }

  streamQuery<R>(query: CompiledQuery, chunkSize: number): AsyncIterableIterator<QueryResult<R>> {
    return this.inner.streamQuery<R>(query, chunkSize);
  }
}

function guardedDriver(driver: Driver): Driver {
  const guarded = new WeakMap<DatabaseConnection, GuardedConnection>();
  const unwrap = (connection: DatabaseConnection) => (connection as GuardedConnection).inner;
  const wrap = (inner: DatabaseConnection) => {
    const known = guarded.get(inner) ?? new GuardedConnection(inner);
    guarded.set(inner, known);
    return known;
  };
  return {
    init: () => driver.init().catch(translate),
    acquireConnection: () => driver.acquireConnection().then(wrap, translate),
    beginTransaction: (connection, settings: TransactionSettings) =>
      driver.beginTransaction(unwrap(connection), settings).catch(translate),
    commitTransaction: (connection) =>
      driver.commitTransaction(unwrap(connection)).catch(translate),
    rollbackTransaction: (connection) =>
      driver.rollbackTransaction(unwrap(connection)).catch(translate),
    releaseConnection: (connection) => driver.releaseConnection(unwrap(connection)),
    destroy: () => driver.destroy(),
  };
}
