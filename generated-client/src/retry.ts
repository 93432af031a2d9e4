import { isRefusal } from './connection.js';
import { ApiError, ConnectionError } from './errors.js';

/** Longest `Retry-After` that is waited for, in seconds. A longer one fails the call at once. */
const MAX_RETRY_AFTER = 60;
/** First and longest wait where the server names no time. */
const FIRST_BACKOFF_MS = 200;
const MAX_BACKOFF_MS = 5000;

/** Tells the status of a proxy that lost, or never got, the answer of the server. */
const isLostAnswer = (status: number) => status > 501 && status < 505;

/**
 * The effect of sending a request twice: none (`harmless`), none because the server recognises its Idempotency-Key
 * (`recognised`), or possibly a second change (`risky`).
 */
export type Repetition = 'harmless' | 'recognised' | 'risky';

/**
 * Returns the milliseconds to wait before the next attempt, or undefined if there must be none. A request is
 * repeated if it was certainly not processed: the connection was refused, or a 429 or 503 has a `Retry-After`. A
 * request that may be sent twice is also repeated if the connection broke, after the error of a proxy, or if the server
 * does not know its outcome; one that the server recognises also while it is in progress.
 */
export function retryDelay(
  error: unknown,
  attempt: number,
  repetition: Repetition,
): number | undefined {
  const half = Math.min(FIRST_BACKOFF_MS * 2 ** attempt, MAX_BACKOFF_MS) / 2;
  const jitter = Math.random() * half;
  const backoff = half + jitter;
  if (error instanceof ConnectionError) {
    return repetition === 'risky' && mayBeProcessed(error) ? undefined : backoff;
  }
  if (!(error instanceof ApiError)) return undefined;
  const { status, code, retryAfter } = error;
  const isInDoubt = code === 'outcome_unknown' || isLostAnswer(status);
  const isRepeated = {
    harmless: isInDoubt,
    recognised: isInDoubt || code === 'idempotency_in_progress',
    // A proxy may answer 503 after the server has received the request.
    risky: status === 503 && code !== 'unexpected_answer',
  };
  if (!isRepeated[repetition] && status !== 429) return undefined;
  if (retryAfter !== undefined) {
    return retryAfter > MAX_RETRY_AFTER ? undefined : retryAfter * 1000 + jitter;
  }
  return isInDoubt && repetition !== 'risky' ? backoff : undefined;
}

/** True if the server may have processed a request that failed with this error. */
export function mayBeProcessed(error: unknown): boolean {
  if (error instanceof ConnectionError) return !isRefusal(error.cause);
  if (!(error instanceof ApiError)) return false;
  const { status, code } = error;
  const isOfProxy = code === 'unexpected_answer' && isLostAnswer(status);
  return isOfProxy || code === 'outcome_unknown';
}

/** Waits. Rejects with the signal's reason as soon as it is aborted. */
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
