import { ApiError, spellRules, TallyError } from '../errors.js';
import type { DocumentFault } from '../local.js';
import { visible } from './text.js';

/** Exit status of a command that could not do all that it was asked. */
export const EXIT_FAILURE = 2;

/** An error that is explained to the user in one line, without a stack trace. */
export class Failure extends Error {
  override readonly name = 'Failure';
}

/** An error about a file. */
class FileFailure extends Error {
  readonly file: string;

  constructor(file: string, cause: unknown) {
    super(`about ${file}`, { cause });
    this.file = file;
  }
}

/** Does work on a file, and says in its errors which file they are about. */
export async function about<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new FileFailure(file, error);
  }
}

/** Does work on an input as {@link about} does. In its errors, `-` is standard input. */
export function aboutInput<T>(path: string, work: () => Promise<T>): Promise<T> {
  return about(inputName(path), work);
}

/** Names an input in messages. */
export function inputName(path: string): string {
  return path === '-' ? 'standard input' : path;
}

/** Texts for the errors of the operating system that users meet. */
const SYSTEM_ERRORS: Record<string, string> = {
  ENOENT: 'no such file',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'is a directory',
  ENOTDIR: 'a part of its path is not a directory',
  EMFILE: 'too many open files',
  EIO: 'the device reports a read error',
};

/** Texts for the codes of a server that a user of the command can do something about. */
const API_ERRORS: Record<string, string> = {
  missing_token: 'the server wants a token; put one in TALLY_TOKEN',
  invalid_token: 'the server does not accept the token in TALLY_TOKEN',
  token_expired: 'the token has expired; put a new one in TALLY_TOKEN',
  session_ended: 'the session of the token in TALLY_TOKEN has ended; sign in again',
  insufficient_scope: 'the token in TALLY_TOKEN does not allow sums',
  invalid_credentials: 'the server wants an account; put the access token of one in TALLY_TOKEN',
};

/** Prints an error as one line on standard error. */
export function printFailure(error: unknown): void {
  const isAboutFile = error instanceof FileFailure;
  const place = isAboutFile ? `${visible(error.file)}: ` : '';
  process.stderr.write(`tally: ${place}${explain(isAboutFile ? error.cause : error)}\n`);
}

export function printWarning(text: string): void {
  process.stderr.write(`tally: warning: ${visible(text)}\n`);
}

function explain(error: unknown): string {
  if (error instanceof Failure) return visible(error.message);
  if (error instanceof ApiError) return visible(explainAnswer(error));
  if (error instanceof TallyError) return visible(explainConnection(error));
  const { code, message, stack } = error as NodeJS.ErrnoException;
  if (code !== undefined) return SYSTEM_ERRORS[code] ?? visible(`${message} (${code})`);
  // Only a defect of this program gets here.
  return stack ?? String(error);
}

/** Words a fault of a document, with what the command can do about it. */
export function explainFault(fault: DocumentFault): Failure {
  const { code, message } = fault;
  const isFollowed = /0x[57]B \(.\), expected the end of the document$/.test(message);
  const hint = isFollowed ? '; is it JSON Lines? Then use --format lines' : '';
  const text = code === 'too_many_paths' ? wordTooManyPaths(message) : message + hint;
  return new Failure(text);
}

/** Spells the parameter `collapse` that the message advises as the option, quoted for a shell. */
function wordTooManyPaths(message: string): string {
  const advice = message.replace(
    /: collapse=(.*) gives /s,
    (_, path: string) => `: --collapse '${path.replaceAll("'", "'\\''")}' gives `,
  );
  return `${advice}; --max-paths allows more`;
}

/** Words an answer of the server: its details begin as sentences do, with the place in the document. */
function explainAnswer({ code, detail, status, errors, retryAfter }: ApiError): string {
  const known = API_ERRORS[code];
  if (known !== undefined) return known;
  const text = detail.replace(/^At (?=(line|record|byte) )/, '').replace(/\.$/, '');
  const later = retryAfter === undefined ? '' : `; try again after ${retryAfter} seconds`;
  return `${text} (${status} ${code})${spellRules(errors)}${later}`;
}

/** Adds the cause that the runtime hides inside a failed fetch. */
function explainConnection({ message, cause }: TallyError): string {
  let reason = cause;
  while (reason instanceof Error && reason.cause instanceof Error) reason = reason.cause;
  return reason instanceof Error ? `${message.replace(/\.$/, '')} (${reason.message})` : message;
}
