import { CompiledQuery, type Dialect, MysqlDialect, PostgresDialect } from 'kysely';
import { createPool } from 'mysql2';
import pg from 'pg';

export interface ServerOptions {
  url: string;
  /** Most connections at once. */
  poolSize: number;
  /** Longest time of a statement, and of connecting, in milliseconds; 0 is no limit. */
  timeout: number;
}

/** How much longer than the server, which cancels what takes too long, the client waits for it to say so. */
const GRACE = 2000;
/** Statements that wait for a connection; more are refused. */
const QUEUE_LIMIT = 5000;
const CONNECT_TIMEOUT = 5000;

export function postgresDialect({ url, poolSize, timeout }: ServerOptions): Dialect {
  const pool = new pg.Pool({
    connectionString: url,
    max: poolSize,
    connectionTimeoutMillis: CONNECT_TIMEOUT,
    keepAlive: true,
    ...(timeout > 0 && {
      statement_timeout: timeout,
      idle_in_transaction_session_timeout: timeout,
      query_timeout: timeout + GRACE,
    }),
    types: { getTypeParser },
  });
  // Without a listener, a connection that the server closes ends the process. Whoever uses it is told.
  const ignore = () => undefined;
  pool.on('error', ignore);
  pool.on('connect', (client) => client.on('error', ignore));
  return new PostgresDialect({ pool });
}

const INT8 = 20;

/** Integers of 64 bits arrive as numbers: times and amounts are below 2^53. */
const getTypeParser = ((oid: number, format: 'text') =>
  oid === INT8 ? Number : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser;

export function mysqlDialect({ url, poolSize, timeout }: ServerOptions): Dialect {
  const pool = createPool({
    uri: url.replace(/^mariadb:/, 'mysql:'),
    connectionLimit: poolSize,
    queueLimit: QUEUE_LIMIT,
    connectTimeout: CONNECT_TIMEOUT,
    enableKeepAlive: true,
    charset: 'utf8mb4',
    timezone: 'Z',
    // An object as a parameter would become SQL.
    stringifyObjects: true,
  });
  return new MysqlDialect({
    pool,
    onCreateConnection: async (connection) => {
      for (const statement of mysqlSession(timeout)) {
        await connection.executeQuery(CompiledQuery.raw(statement));
      }
    },
  });
}

/**
 * Whatever the server's defaults are: a value that does not fit is an error, the isolation is that of
 * PostgreSQL, and statements have a limit, which the two servers call by different names. Each reads
 * its own of the comments.
 */
function mysqlSession(timeout: number): string[] {
  const limits =
    timeout > 0
      ? `/*M!, max_statement_time = ${timeout / 1000} */ /*!80000, max_execution_time = ${timeout} */`
      : '';
  return [
    'set session transaction isolation level read committed',
    `set session sql_mode = 'STRICT_TRANS_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,NO_ENGINE_SUBSTITUTION,ERROR_FOR_DIVISION_BY_ZERO', innodb_lock_wait_timeout = 10 ${limits}`,
  ];
}
