import { Problem, problems } from '../problem.ts';

/** The database does not answer, or not in time. Becomes a 503; the next request finds out anew. */
export class DatabaseUnavailable extends Problem {
  constructor(cause: unknown) {
    const { status, code, detail } = problems.databaseUnavailable;
    super(status, code, detail, { cause, headers: { 'retry-after': '1' } });
  }
}

interface DriverError extends Error {
  code?: unknown;
  /** mysql2: the number of the error, also of those that it has no code for. */
  errno?: unknown;
  /** mysql2: the connection is lost. */
  fatal?: boolean;
  /** pg: the name of the constraint. */
  constraint?: string;
}

/** Connections that were refused, lost or not to be had; servers that start, stop or are full; time-outs. */
const UNAVAILABLE = new RegExp(
  [
    'ECONN\\w+|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|PROTOCOL_\\w+',
    // PostgreSQL: connection exceptions, no resources, operator intervention.
    '08...|53...|57...',
    'SQLITE_BUSY\\w*|SQLITE_IOERR\\w*|SQLITE_FULL|SQLITE_CANTOPEN\\w*',
  ]
    .map((part) => `^(?:${part})$`)
    .join('|'),
);

/**
 * MySQL and MariaDB: too many connections, shutdown, lock wait time-out, statement interrupted,
 * connection killed, statement time-out (the two servers' own).
 */
const UNAVAILABLE_NUMBERS = new Set<unknown>([1040, 1053, 1205, 1317, 1927, 1969, 3024]);

/** What drivers say without a code. */
const UNAVAILABLE_MESSAGE =
  /^(?:Connection terminated|timeout exceeded when trying to connect|Query read timeout|Client has encountered a connection error|Queue limit reached|Can't add new command when connection is in closed state)/;

export function isUnavailable(error: unknown): boolean {
  const { code, errno, message, fatal } = error as DriverError;
  return (
    fatal === true ||
    UNAVAILABLE.test(String(code)) ||
    UNAVAILABLE_NUMBERS.has(errno) ||
    UNAVAILABLE_MESSAGE.test(message)
  );
}

/** PostgreSQL and MariaDB end one of the transactions that wait for each other; it may be run again. */
const CONFLICTS = new Set(['40001', '40P01', 'ER_LOCK_DEADLOCK', 'ER_CHECKREAD']);

export function isConflict(error: unknown): boolean {
  return CONFLICTS.has(String((error as DriverError).code));
}

const DUPLICATES = new Set([
  '23505',
  'ER_DUP_ENTRY',
  'SQLITE_CONSTRAINT_UNIQUE',
  'SQLITE_CONSTRAINT_PRIMARYKEY',
]);

/**
 * Whether a row was refused because it breaks the unique index of that name.
 *
 * SQLite says the columns and not the index, so the index must be named after its table and columns:
 * `accounts_email_key` is over `accounts (email_key)`.
 */
export function violatesUnique(error: unknown, index: string): boolean {
  const { code, constraint, message } = error as DriverError;
  if (!DUPLICATES.has(String(code))) return false;
  if (constraint !== undefined) return constraint === index;
  const columns = /^UNIQUE constraint failed: (.*)$/.exec(message)?.[1];
  if (columns === undefined) return new RegExp(`for key '(?:\\w+\\.)?${index}'`).test(message);
  const [table] = columns.split('.', 1);
  return index === [table, columns.replaceAll(`${table}.`, '').replaceAll(', ', '_')].join('_');
}
