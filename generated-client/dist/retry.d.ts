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
export declare function retryDelay(error: unknown, attempt: number, repetition: Repetition): number | undefined;
/** True if the server may have processed a request that failed with this error. */
export declare function mayBeProcessed(error: unknown): boolean;
/** Waits. Rejects with the signal's reason as soon as it is aborted. */
export declare function sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
