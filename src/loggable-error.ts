/**
 * Fields of errors that may be logged. All others may hold values: mysql2 has them in `sql` and `sqlMessage`, pg has rows
 * in `detail`, `where` and `hint`, Node's URL has its `input`, the S3 client the request that it signed.
 */
const LOGGED_FIELDS = [
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
  'responseCode',
] as const;

const MAX_CAUSES = 5;
const MAX_MESSAGE_LENGTH = 500;

export interface LoggableError {
  type: string;
  message: string;
  stack: string;
  cause?: LoggableError;
  [field: string]: unknown;
}

type AnyError = Error & Record<string, unknown>;

/** Copies what may be logged of an error: an allow-list of fields, and its message if that holds no values. */
export function loggableError(thrown: unknown, depth = 0): LoggableError {
  if (!(thrown instanceof Error)) return { type: typeof thrown, message: '', stack: '' };
  const error = thrown as AnyError;
  const loggable: LoggableError = {
    type: typeOf(error),
    message: safeMessage(error) ?? '',
    stack: framesOf(error),
  };
  for (const field of LOGGED_FIELDS) {
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
  // pg names its errors `error`.
  const type = /^[A-Z]/.test(error.name) ? error.name : error.constructor.name;
  return isIdentifier(type) ? type : 'Error';
}

/** Types whose messages describe the program and its environment, and hold no values. */
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

/** The safe messages of TypeError; others show the value that has the wrong type. */
const PLAIN_TYPE_ERROR =
  /^(?:Cannot (?:read|set) properties of (?:undefined|null) \((?:reading|setting) '[\w$]+'\)|[\w$.]+ is not (?:a function|a constructor|defined)|fetch failed|terminated)$/;

/** The safe messages of SQLITE_ERROR; others quote a statement. */
const PLAIN_SQLITE_ERROR = /^(?:no such \w+: [\w.]+|cannot (?:commit|rollback|start) [\w -]+)$/;

function safeMessage(error: AnyError): string | undefined {
  if (!isSafe(error)) return undefined;
  return error.message
    .replace(/[^\s'"]*@[^\s'"]*|\$argon2[^\s'"]*/g, '[left out]')
    .slice(0, MAX_MESSAGE_LENGTH);
}

function isSafe(error: AnyError): boolean {
  const { code, syscall, message } = error;
  const type = typeOf(error);
  // Messages of database servers quote values; mysql2 and pg mark them with these fields.
  if ('sqlMessage' in error || 'severity' in error) return false;
  // So do those of mail servers, whose words nodemailer has here.
  if (typeof error.response === 'string') return false;
  if (typeof syscall === 'string' || String(code).startsWith('UND_ERR_')) return true;
  // Node's own errors quote the invalid argument.
  if (String(code).startsWith('ERR_')) return false;
  if ('$metadata' in error) return true;
  if (code === 'SQLITE_ERROR') return PLAIN_SQLITE_ERROR.test(message);
  return type === 'TypeError' ? PLAIN_TYPE_ERROR.test(message) : PLAIN_TYPES.has(type);
}

/** Returns the index of a duplicate, which mysql2 has in the message alone. */
function duplicateIndex({ code, message }: AnyError): string | undefined {
  if (code !== 'ER_DUP_ENTRY') return undefined;
  return / for key '([\w.]{1,128})'$/.exec(message)?.[1];
}

/** A line of a stack trace, after the message that it begins with. */
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
