import { Problem, problems } from '../http/problem.ts';

/** The database does not answer, or not in time. Becomes a 503. */
export class DatabaseUnavailable extends Problem {
  constructor(cause: unknown) {
    const { status, code, detail, retryAfter = 1 } = problems.databaseUnavailable;
    super(status, code, detail, { cause, retryAfter });
  }
}

/**
 * The connection was lost during a change outside a transaction, or during a commit: the change may have been made or
 * not. Becomes a 500 without Retry-After. Neither repeat the change nor undo what belongs to it before a fresh read has
 * shown whether it was made.
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

/** A database server answers, but accepts no writes: it is a standby, for instance. */
export class NotWritable extends Error {
  override readonly name = 'NotWritable';
}

/** SQLite: a transaction that awaited something was undone, because others waited for it to be committed with them. */
export class TransactionExpelled extends Error {
  override readonly name = 'TransactionExpelled';
}

/** SQLite: a transaction failed after others had written, whose shared commit failed: it may have failed because of them. */
export class SharedCommitFailed extends Error {
  override readonly name = 'SharedCommitFailed';
}

interface DriverError extends Error {
  code?: unknown;
  /** mysql2: the number of the error, even where it has no code. */
  errno?: unknown;
  /** mysql2: the connection is lost. */
  fatal?: boolean;
  /** pg: the name of the constraint. */
  constraint?: string;
  /** pg: `ERROR` is a statement that failed; `FATAL` and `PANIC` end the connection. */
  severity?: string;
}

const exactly = (...parts: string[]) => new RegExp(`^(?:${parts.join('|')})$`);

/** Connections that were refused, broken off, or silent. */
const CONNECTION_LOST_CODES = exactly(
  'ECONN\\w+|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|PROTOCOL_\\w+',
  // PostgreSQL: connection exceptions, "statement completion unknown", ends of sessions.
  '08...|40003|57P..|25P0[34]',
  // A file that could not be read or written: how much of a change is in it shows when it is next opened.
  'SQLITE_IOERR\\w*',
);

const CONNECTION_LOST_NUMBERS = new Set<unknown>([
  // MySQL and MariaDB: shutdown, error during commit, statement interrupted, connection killed; all also during a commit.
  ...[1053, 1180, 1317, 1927],
  ...[1158, 1159, 1160, 1161], // errors of the network between client and server
  4031, // MySQL: the connection was idle for too long
]);

/** Messages of errors without a code. */
const CONNECTION_LOST_MESSAGE =
  /^(?:Connection terminated|Client has encountered a connection error|Client was closed|Can't add new command when connection is in closed state)/;

/** Tells whether the connection was lost, so that the outcome of the statement is unknown. */
export function isConnectionLost(error: unknown): boolean {
  const { code, errno, message, fatal, severity } = error as DriverError;
  return (
    fatal === true ||
    severity === 'FATAL' ||
    severity === 'PANIC' ||
    CONNECTION_LOST_CODES.test(String(code)) ||
    CONNECTION_LOST_NUMBERS.has(errno) ||
    CONNECTION_LOST_MESSAGE.test(message)
  );
}

/** Servers that start, stop, are full, may not write, or took too long. The statement had no effect. */
const UNAVAILABLE_CODES = exactly(
  // PostgreSQL: no resources, a lock that was not free in time, operator intervention, a file that could not be written.
  '53...|55P03|57...|58030',
  'SQLITE_BUSY\\w*|SQLITE_FULL|SQLITE_NOMEM\\w*|SQLITE_CANTOPEN\\w*|SQLITE_READONLY\\w*',
);

const UNAVAILABLE_NUMBERS = new Set<unknown>([
  ...[1040, 1203, 1226], // too many connections
  ...[1205, 1969, 3024], // lock wait time-out, statement time-out (the two servers' own)
  ...[1021, 1026, 1114, 1030], // full disk or table, error writing a file, error of the storage engine
]);

/** MySQL and MariaDB: read-only; Galera: this node is not part of a majority. */
const NOT_WRITABLE_NUMBERS = new Set<unknown>([1290, 1836, 1047]);

/** Tells whether the server refused a statement because it accepts no writes now, while another one may. */
export function isNotWritable(error: unknown): boolean {
  const { code, errno } = error as DriverError;
  return error instanceof NotWritable || code === '25006' || NOT_WRITABLE_NUMBERS.has(errno);
}

const UNAVAILABLE_MESSAGE = /^(?:timeout exceeded when trying to connect|Queue limit reached)/;

export function isUnavailable(error: unknown): boolean {
  const { code, errno, message } = error as DriverError;
  return (
    isConnectionLost(error) ||
    isNotWritable(error) ||
    UNAVAILABLE_CODES.test(String(code)) ||
    UNAVAILABLE_NUMBERS.has(errno) ||
    UNAVAILABLE_MESSAGE.test(message)
  );
}

/** The database has ended one of several transactions that were in conflict; it may be run again. */
const CONFLICT_CODES = new Set([
  ...['40001', '40P01'],
  ...['ER_LOCK_DEADLOCK', 'ER_CHECKREAD'],
  'ER_TRANSACTION_ROLLBACK_DURING_COMMIT', // MySQL Group Replication
]);

export function isConflict(error: unknown): boolean {
  return (
    error instanceof TransactionExpelled ||
    error instanceof SharedCommitFailed ||
    CONFLICT_CODES.has(String((error as DriverError).code))
  );
}

/** Integrity constraints: PostgreSQL class 23; MySQL: duplicates, references, checks, nulls. */
const CONSTRAINT_CODES = exactly(
  '23...|SQLITE_CONSTRAINT\\w*',
  'ER_DUP_ENTRY|ER_NO_REFERENCED_ROW\\w*|ER_ROW_IS_REFERENCED\\w*|ER_BAD_NULL_ERROR|ER_CONSTRAINT_FAILED',
);

export type DatabaseErrorKind =
  | 'conflict'
  | 'constraint'
  | 'connection_lost'
  | 'unavailable'
  | 'other';

/** Classifies an error of a driver, or one that was classified before. */
export function errorKindOf(error: unknown): DatabaseErrorKind {
  if (isConflict(error)) return 'conflict';
  if (CONSTRAINT_CODES.test(String((error as DriverError).code))) return 'constraint';
  if (error instanceof OutcomeUnknown || isConnectionLost(error)) return 'connection_lost';
  if (error instanceof DatabaseUnavailable || isUnavailable(error)) return 'unavailable';
  return 'other';
}

const DUPLICATE_CODES = new Set([
  '23505',
  'ER_DUP_ENTRY',
  'SQLITE_CONSTRAINT_UNIQUE',
  'SQLITE_CONSTRAINT_PRIMARYKEY',
]);

/**
 * Tells whether a row was refused because of the unique index with that name.
 *
 * SQLite reports the columns and not the index, so the index must be named after its table and columns:
 * `accounts_email_key` is over `accounts (email_key)`.
 */
export function violatesUnique(error: unknown, index: string): boolean {
  const { code, constraint, message } = error as DriverError;
  if (!DUPLICATE_CODES.has(String(code))) return false;
  if (constraint !== undefined) return constraint === index;
  const columns = /^UNIQUE constraint failed: (.*)$/.exec(message)?.[1];
  if (columns === undefined) return new RegExp(`for key '(?:\\w+\\.)?${index}'`).test(message);
  const [table] = columns.split('.', 1);
  return index === [table, columns.replaceAll(`${table}.`, '').replaceAll(', ', '_')].join('_');
}
