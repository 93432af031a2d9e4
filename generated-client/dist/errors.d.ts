import type { ProblemCode } from './generated/models/ProblemCode.js';
/**
 * The error of a failed call. Two failures throw something else: an argument that cannot be sent throws a
 * `TypeError`, and an aborted `AbortSignal` throws its reason.
 *
 * No error holds the request: neither its body, nor a password, nor the token.
 */
export declare class TallyError extends Error {
    readonly name: string;
}
/** One member of the request that breaks a rule. */
export interface FieldError {
    /** JSON Pointer (RFC 6901) to the member. */
    path: string;
    message: string;
}
/** A code that this version knows, or one of a newer server. */
export type ErrorCode = ProblemCode | 'unexpected_answer' | 'not_modified' | 'redirected' | 'response_too_large' | (string & {});
export interface ApiErrorFields {
    status: number;
    code: ErrorCode;
    title: string;
    detail: string;
    requestId: string | undefined;
    errors: readonly FieldError[];
    retryAfter: number | undefined;
    problem: Readonly<Record<string, unknown>>;
    headers: Headers;
}
/**
 * An answer of the server that is an error, or not an answer to this request.
 *
 * @example
 * ```ts
 * try {
 *   await tally.sum(document);
 * } catch (error) {
 *   if (error instanceof ApiError && error.code === 'invalid_refresh_token') await signInAgain();
 *   else throw error;
 * }
 * ```
 */
export declare class ApiError extends TallyError {
    readonly name = "ApiError";
    /** The HTTP status; 0 for a redirect in a browser. */
    readonly status: number;
    /**
     * The cause, for programs. The client adds four codes: `unexpected_answer` for an answer that is not one of
     * Tally, `not_modified` where the content still has the ETag of your `If-None-Match`, `redirected` where the
     * server named another address, and `response_too_large` above `maxResponseBytes`.
     */
    readonly code: ErrorCode;
    /** The reason phrase of the status. */
    readonly title: string;
    /** The cause, for people. */
    readonly detail: string;
    /** The id of the request in the log of the server. */
    readonly requestId: string | undefined;
    /** The members that break a rule, for the code `validation_failed`. */
    readonly errors: readonly FieldError[];
    /** Seconds to wait before the next attempt, if the server names them. */
    readonly retryAfter: number | undefined;
    /** The whole problem (RFC 9457), including members such as `shortages`; empty if Tally did not answer. */
    readonly problem: Readonly<Record<string, unknown>>;
    /** The headers of the answer. */
    readonly headers: Headers;
    constructor(fields: ApiErrorFields);
}
/** Returns the broken rules as the end of a message, or nothing if there are none. */
export declare function spellRules(errors: readonly FieldError[]): string;
/**
 * No complete answer: the server could not be reached, or the connection broke. `cause` is the runtime's error.
 * Unless the connection was refused, the server may have processed the request.
 */
export declare class ConnectionError extends TallyError {
    readonly name = "ConnectionError";
}
/** No progress for the time that `timeout` allows. The server may have processed the request, or still do so. */
export declare class TimeoutError extends TallyError {
    readonly name = "TimeoutError";
}
