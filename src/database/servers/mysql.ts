import type { QueryResult } from 'kysely';
import {
  type Connection,
  createConnection,
  type ResultSetHeader,
  type RowDataPacket,
} from 'mysql2';
import type { ServerOptions, Wire } from './wire.ts';

export function mysqlWire({ url, timeout }: ServerOptions): Wire {
  const connection = createConnection({
    uri: url.replace(/^mariadb:/, 'mysql:'),
    // The pool has a time-out of its own.
    connectTimeout: 0,
    enableKeepAlive: true,
    charset: 'utf8mb4',
    timezone: 'Z',
    // Otherwise an object as a parameter would become SQL.
    stringifyObjects: true,
  }) as Connection & { stream: { destroy(): void } };
  const promised = connection.promise();
  // Statements report errors themselves; without a listener, an error on an idle connection ends the process.
  connection.on('error', () => undefined);
  return {
    async open() {
      await promised.connect();
      for (const statement of sessionSettings(timeout)) await promised.query(statement);
      const [[wsrep]] = await promised.query<RowDataPacket[]>("show variables like 'wsrep_on'");
      if (wsrep?.Value === 'ON') await promised.query(CAUSAL_READS);
    },
    async query<R>(sql: string, parameters: readonly unknown[]) {
      const [result] = await promised.query(sql, parameters as unknown[]);
      return toQueryResult<R>(result as ResultSetHeader | R[]);
    },
    end: () => void promised.end().catch(() => undefined),
    destroy() {
      connection.destroy();
      // destroy() alone waits for the server to close its side.
      connection.stream.destroy();
    },
    onLost(listener) {
      connection.on('error', listener);
      connection.on('end', listener);
    },
  };
}

function toQueryResult<R>(result: ResultSetHeader | R[]): QueryResult<R> {
  if (Array.isArray(result)) return { rows: result };
  const { affectedRows, changedRows, insertId } = result;
  return {
    rows: [],
    numAffectedRows: BigInt(affectedRows),
    ...(changedRows !== undefined && { numChangedRows: BigInt(changedRows) }),
    ...(insertId > 0 && { insertId: BigInt(insertId) }),
  };
}

/** Makes reads on a Galera cluster see everything that was committed on any node before. */
const CAUSAL_READS = 'set session wsrep_sync_wait = 1';

/**
 * Overrides the server's defaults: values that do not fit are errors, the isolation is that of PostgreSQL, and statements
 * and idle transactions have time limits. MySQL and MariaDB name those differently; each reads only its own comment.
 */
function sessionSettings(timeout: number): string[] {
  const seconds = timeout / 1000;
  const limits =
    timeout > 0
      ? `/*M!, max_statement_time = ${seconds}, idle_transaction_timeout = ${Math.ceil(seconds)} */ /*!80000, max_execution_time = ${timeout} */`
      : '';
  return [
    'set session transaction isolation level read committed',
    `set session sql_mode = 'STRICT_TRANS_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,NO_ENGINE_SUBSTITUTION,ERROR_FOR_DIVISION_BY_ZERO', innodb_lock_wait_timeout = 10 ${limits}`,
  ];
}
