/**
 * The fields of errors that may be in a log. All others are left out, because drivers and libraries put
 * values in them: mysql2 has the statement with its values in `sql` and some in `sqlMessage`, pg has rows
 * in `detail`, `where` and `hint`, Node's URL has its `input`, the S3 client has what it signed.
 */
const FIELDS = [
  'code',
  'errno',
  'sqlState',
  'severity',
  'constraint',
  'table',
  'column',
  'syscall',
  'address',
  'port',
  'signal',
  'statusCode',
] as const;

const MAX_CAUSES = 5;
const MAX_LENGTH = 500;

export interface LoggableError {
  type: string;
  message: string;
  stack: string;
  cause?: LoggableError;
  [field: string]: unknown;
}

type AnyError = Error & Record<string, unknown>;

/** An error as it may be logged: by an allow-list of fields, with a message only where it holds no values. */
export function loggableError(thrown: unknown, depth = 0): LoggableError {
  if (!(thrown instanceof Error)) return { type: typeof thrown, message: '', stack: '' };
  const error = thrown as AnyError;
  const loggable: LoggableError = {
    type: typeOf(error),
    message: safeMessage(error) ?? '',
    stack: framesOf(error),
  };
  for (const field of FIELDS) {
    const value = error[field];
    if (typeof value === 'number' || isIdentifier(value)) loggable[field] = value;
  }
  const index = duplicateIndex(error);
  if (index !== undefined) loggable.constraint = index;
  const { httpStatusCode } = (error.$metadata ?? {}) as { httpStatusCode?: unknown };
  if (typeof httpStatusCode === 'number') loggable.statusCode = httpStatusCode;
  if (error.cause !== undefined && depth < MAX_CAUSES) {
    loggable.cause = loggableError(error.cause, depth + 1);
  }
  return loggable;
}

/** A word such as a code, the name of a constraint, or an IP address. */
const isIdentifier = (value: unknown): value is string =>
  typeof value === 'string' && /^[\w.:-]{1,128}$/.test(value);

function typeOf(error: AnyError): string {
  // pg calls its own `error`.
  const type = /^[A-Z]/.test(error.name) ? error.name : error.constructor.name;
  return isIdentifier(type) ? type : 'Error';
}

/** Types whose messages name things of the program and its surroundings, and not the values it works with. */
const PLAIN_TYPES = new Set([
  'Error',
  'RangeError',
  'ReferenceError',
  'AbortError',
  'TimeoutError',
  'AggregateError',
  'Problem',
  'ConfigError',
  'SqliteError',
]);

/** A few of the messages of TypeError; others show the value that has the wrong type. */
const PLAIN_TYPE_ERROR =
  /^(?:Cannot (?:read|set) properties of (?:undefined|null) \((?:reading|setting) '[\w$]+'\)|[\w$.]+ is not (?:a function|a constructor|defined)|fetch failed|terminated)$/;

/** SQLite quotes statements that it does not understand, and gives them this code. */
const PLAIN_SQLITE_ERROR = /^(?:no such \w+: [\w.]+|cannot (?:commit|rollback|start) [\w -]+)$/;

function safeMessage(error: AnyError): string | undefined {
  if (!isSafe(error)) return undefined;
  return error.message
    .replace(/[^\s'"]*@[^\s'"]*|\$argon2[^\s'"]*/g, '[left out]')
    .slice(0, MAX_LENGTH);
}

function isSafe(error: AnyError): boolean {
  const { code, syscall, message } = error;
  const type = typeOf(error);
  // The texts of database servers quote values: mysql2 and pg have these fields on them.
  if ('sqlMessage' in error || 'severity' in error) return false;
  if (typeof syscall === 'string' || String(code).startsWith('UND_ERR_')) return true;
  // Node's own errors quote the argument that they do not like.
  if (String(code).startsWith('ERR_')) return false;
  if ('$metadata' in error) return true;
  if (code === 'SQLITE_ERROR') return PLAIN_SQLITE_ERROR.test(message);
  return type === 'TypeError' ? PLAIN_TYPE_ERROR.test(message) : PLAIN_TYPES.has(type);
}

/** mysql2 says the index of a duplicate in its message alone. */
function duplicateIndex({ code, message }: AnyError): string | undefined {
  if (code !== 'ER_DUP_ENTRY') return undefined;
  return / for key '([\w.]{1,128})'$/.exec(message)?.[1];
}

/** Lines of a stack trace, which begins with the message. */
const FRAME =
  /^ {4}at (?:async )?(?:[\w$.<>#[\] ]{1,200} )?\(?(?:file:|node:|\/|wasm:|<anonymous>|native)[^\s()]{0,300}\)?$/;

function framesOf({ stack, message }: AnyError): string {
  if (typeof stack !== 'string') return '';
  const start = stack.indexOf(message);
  const trace = message && start >= 0 ? stack.slice(start + message.length) : stack;
  return trace
    .split('\n')
    .filter((line) => FRAME.test(line))
    .join('\n');
}
