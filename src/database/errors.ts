import { Problem, problems } from '../http/problem.ts';

/** The database does not answer, or not in time. Becomes a 503; the next request finds out anew. */
export class DatabaseUnavailable extends Problem {
  constructor(cause: unknown) {
    const { status, code, detail } = problems.databaseUnavailable;
    super(status, code, detail, { cause, headers: { 'retry-after': '1' } });
  }
}

/**
 * The database broke off while it carried out a change outside a transaction, or the end of a
 * transaction: the change may have been made or not. Becomes a 500 without Retry-After. Do not repeat the
 * change before a fresh read has shown that it is not there; do not undo what goes with it either.
 */
export class OutcomeUnknown extends Problem {
  constructor(cause: unknown) {
    const { status, code, detail } = problems.outcomeUnknown;
    super(status, code, detail, { cause });
  }
}

/** The database named by DATABASE_URL is not one that Tally can start with; `message` says why. */
export class DatabaseUnusable extends Error {
  override readonly name = 'DatabaseUnusable';

  constructor(reason: string, cause?: unknown) {
    super(`the database at DATABASE_URL cannot be used: ${reason}`, { cause });
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
  /** pg: `ERROR` is a statement that failed; `FATAL` and `PANIC` end the connection. */
  severity?: string;
}

const exactly = (...parts: string[]) => new RegExp(`^(?:${parts.join('|')})$`);

/** Connections that were refused, broke off, or went silent. */
const LOST = exactly(
  'ECONN\\w+|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|PROTOCOL_\\w+',
  // PostgreSQL: connection exceptions, "statement completion unknown", ends of sessions.
  '08...|40003|57P..|25P0[34]',
  // A file that could not be read or written: how much of a change is in it shows when it is next opened.
  'SQLITE_IOERR\\w*',
);

/**
 * MySQL and MariaDB: shutdown, error during commit, statement interrupted, connection killed. They may
 * say so while they are committing.
 */
const LOST_NUMBERS = new Set<unknown>([1053, 1180, 1317, 1927]);

/** What drivers say without a code. */
const LOST_MESSAGE =
  /^(?:Connection terminated|Client has encountered a connection error|Client was closed|Can't add new command when connection is in closed state)/;

/** Whether the connection was lost, so that nobody said what became of the statement. */
export function isLost(error: unknown): boolean {
  const { code, errno, message, fatal, severity } = error as DriverError;
  return (
    fatal === true ||
    severity === 'FATAL' ||
    severity === 'PANIC' ||
    LOST.test(String(code)) ||
    LOST_NUMBERS.has(errno) ||
    LOST_MESSAGE.test(message)
  );
}

/** Servers that start, stop, are full, may not write, or took too long. The statement was not carried out. */
const UNABLE = exactly(
  // PostgreSQL: read-only (a standby), no resources, operator intervention, a file that could not be written.
  '25006|53...|57...|58030',
  'SQLITE_BUSY\\w*|SQLITE_FULL|SQLITE_NOMEM\\w*|SQLITE_CANTOPEN\\w*|SQLITE_READONLY\\w*',
);

const UNABLE_NUMBERS = new Set<unknown>([
  ...[1040, 1203, 1226], // too many connections
  ...[1205, 1969, 3024], // lock wait time-out, statement time-out (the two servers' own)
  ...[1290, 1836], // read-only
  ...[1021, 1026, 1114, 1030], // full disk or table, error writing a file, error of the storage engine
  1047, // Galera: this node is not part of a majority
]);

const UNABLE_MESSAGE = /^(?:timeout exceeded when trying to connect|Queue limit reached)/;

export function isUnavailable(error: unknown): boolean {
  const { code, errno, message } = error as DriverError;
  return (
    isLost(error) ||
    UNABLE.test(String(code)) ||
    UNABLE_NUMBERS.has(errno) ||
    UNABLE_MESSAGE.test(message)
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
