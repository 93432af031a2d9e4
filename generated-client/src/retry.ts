import { ApiError, ConnectionError } from './errors.js';

/** Longest wait that a server may ask for, in seconds; when it asks for more, the caller hears it at once. */
const LONGEST_RETRY_AFTER = 60;
/** First and longest wait after a refused connection, in milliseconds. */
const FIRST_BACKOFF = 200;
const LONGEST_BACKOFF = 5000;

/**
 * The effect of processing a request twice: none, none because the server recognises its Idempotency-Key, or
 * perhaps a second change.
 */
export type Repetition = 'harmless' | 'recognised' | 'risky';

/**
 * Time to wait before the next attempt, in milliseconds; undefined if there must not be one. Only a
 * request that was certainly not processed is sent again: the connection was refused, or a 429 or 503
 * says when to come back. One that the server recognises is also sent again where its outcome is not known,
 * or the server is still working on it.
 */
export function retryDelay(
  error: unknown,
  attempt: number,
  repetition: Repetition,
): number | undefined {
  const isRecognised = repetition === 'recognised';
  const backoff = Math.min(FIRST_BACKOFF * 2 ** attempt, LONGEST_BACKOFF);
  const jitter = Math.random() * (backoff / 2);
  if (error instanceof ConnectionError) {
    return isRecognised || isRefusal(error.cause) ? backoff / 2 + jitter : undefined;
  }
  if (!(error instanceof ApiError)) return undefined;
  const { status, code, retryAfter } = error;
  if (isRecognised && code === 'outcome_unknown') return backoff / 2 + jitter;
  // A proxy may say 503 when the server got the request and the answer did not come.
  const isForeign = status === 503 && code === 'unexpected_answer';
  if (isForeign && repetition === 'risky') return undefined;
  const isInProgress = isRecognised && code === 'idempotency_in_progress';
  if (status !== 429 && status !== 503 && !isInProgress) return undefined;
  if (retryAfter === undefined || retryAfter > LONGEST_RETRY_AFTER) return undefined;
  return retryAfter * 1000 + jitter;
}

/** Node says ECONNREFUSED, Bun ConnectionRefused, Deno only a sentence. Browsers do not tell. */
const REFUSAL_CODES: unknown[] = ['ECONNREFUSED', 'ConnectionRefused'];
const REFUSAL_MESSAGE = /tcp connect error:.*\(os error (61|111|10061)\)/;

export function isRefusal(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as { code?: unknown };
  return (
    REFUSAL_CODES.includes(code) || REFUSAL_MESSAGE.test(error.message) || isRefusal(error.cause)
  );
}

/** Rejects with the signal's reason as soon as it is aborted. */
export function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, milliseconds);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}
