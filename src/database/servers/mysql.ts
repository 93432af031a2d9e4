import type { QueryResult, TransactionSettings } from 'kysely';
import {
  type Connection,
  createConnection,
  type ResultSetHeader,
  type RowDataPacket,
} from 'mysql2';
import { NotWritable } from '../errors.ts';
import type { Statement, Wire, WireFactory, WireOptions } from './wire.ts';

export const mysqlWire: WireFactory = (options) => () => openable(options);

function openable({ url, timeout, mustWrite }: WireOptions): Wire {
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
  const check = async () => {
    const [[state]] = await promised.query<RowDataPacket[]>(mustWrite ? READ_ONLY : 'select 1');
    if (mustWrite && state?.read_only) throw new NotWritable('it is read-only');
  };
  // Unlike the driver's own promises, this one costs no stack trace.
  const query = ({ sql, parameters }: Statement) =>
    new Promise<QueryResult<unknown>>((resolve, reject) => {
      connection.query(sql, parameters as unknown[], (error, result) => {
        if (error) reject(error);
        else resolve(toQueryResult(result as ResultSetHeader | RowDataPacket[]));
      });
    });
  return {
    batches: false,
    check,
    begin,
    async open() {
      await promised.connect();
      for (const statement of sessionSettings(timeout)) await promised.query(statement);
      const [[wsrep]] = await promised.query<RowDataPacket[]>("show variables like 'wsrep_on'");
      if (wsrep?.Value === 'ON') await promised.query(CAUSAL_STATEMENTS);
      await check();
    },
    async run(statements) {
      const results: QueryResult<unknown>[] = [];
      for (const statement of statements) results.push(await query(statement));
      return results;
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

function toQueryResult(result: ResultSetHeader | RowDataPacket[]): QueryResult<unknown> {
  if (Array.isArray(result)) return { rows: result };
  const { affectedRows, changedRows, insertId } = result;
  return {
    rows: [],
    numAffectedRows: BigInt(affectedRows),
    ...(changedRows !== undefined && { numChangedRows: BigInt(changedRows) }),
    ...(insertId > 0 && { insertId: BigInt(insertId) }),
  };
}

/** Sets the isolation level before the transaction, because MySQL has no other way. */
function begin({ isolationLevel, accessMode }: TransactionSettings): string[] {
  return [
    ...(isolationLevel ? [`set transaction isolation level ${isolationLevel}`] : []),
    accessMode ? `start transaction ${accessMode}` : 'begin',
  ];
}

/** The second is that of readers of Aurora. */
const READ_ONLY = `select @@global.read_only not in ('0', 'OFF') or @@global.innodb_read_only as read_only`;

/**
 * Makes statements on a Galera cluster see everything that was committed on any node before: reads (1), updates and
 * deletes (2), and inserts (4), which may refer to a new row.
 */
const CAUSAL_STATEMENTS = 'set session wsrep_sync_wait = 7';

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
