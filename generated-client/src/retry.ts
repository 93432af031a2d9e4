import { ApiError, ConnectionError } from './errors.js';

/** Longest `Retry-After` that is waited for, in seconds. A longer one fails the call at once. */
const MAX_RETRY_AFTER = 60;
/** First and longest wait after a refused connection. */
const FIRST_BACKOFF_MS = 200;
const MAX_BACKOFF_MS = 5000;

/**
 * The effect of sending a request twice: none (`harmless`), none because the server recognises its Idempotency-Key
 * (`recognised`), or possibly a second change (`risky`).
 */
export type Repetition = 'harmless' | 'recognised' | 'risky';

/**
 * Returns the milliseconds to wait before the next attempt, or undefined if there must be none. A request is
 * repeated only if it was certainly not processed: the connection was refused, or a 429 or 503 has a
 * `Retry-After`. A request that the server recognises is also repeated while it is in progress, or if its outcome
 * is unknown.
 */
export function retryDelay(
  error: unknown,
  attempt: number,
  repetition: Repetition,
): number | undefined {
  const isRecognised = repetition === 'recognised';
  const backoff = Math.min(FIRST_BACKOFF_MS * 2 ** attempt, MAX_BACKOFF_MS);
  const jitter = Math.random() * (backoff / 2);
  if (error instanceof ConnectionError) {
    return isRecognised || isRefusal(error.cause) ? backoff / 2 + jitter : undefined;
  }
  if (!(error instanceof ApiError)) return undefined;
  const { status, code, retryAfter } = error;
  if (isRecognised && code === 'outcome_unknown') return backoff / 2 + jitter;
  // A proxy may answer 503 after the server has received the request.
  const isForeign = status === 503 && code === 'unexpected_answer';
  if (isForeign && repetition === 'risky') return undefined;
  const isInProgress = isRecognised && code === 'idempotency_in_progress';
  if (status !== 429 && status !== 503 && !isInProgress) return undefined;
  if (retryAfter === undefined || retryAfter > MAX_RETRY_AFTER) return undefined;
  return retryAfter * 1000 + jitter;
}

/** Node has the code ECONNREFUSED, Bun ConnectionRefused, Deno only a message. Browsers hide it. */
const REFUSAL_CODES: unknown[] = ['ECONNREFUSED', 'ConnectionRefused'];
const REFUSAL_MESSAGE = /tcp connect error:.*\(os error (61|111|10061)\)/;

export function isRefusal(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as { code?: unknown };
  return (
    REFUSAL_CODES.includes(code) || REFUSAL_MESSAGE.test(error.message) || isRefusal(error.cause)
  );
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
