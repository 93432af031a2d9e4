import type { ProblemCode } from './generated/models/ProblemCode.js';

/**
 * What every failed call throws, apart from a `TypeError` for an argument that cannot be sent and the
 * reason of an `AbortSignal` that was aborted.
 *
 * No error holds the request: neither its body, nor a password, nor the token.
 */
export class TallyError extends Error {
  override readonly name: string = 'TallyError';
}

/** One member of the request that breaks a rule. */
export interface FieldError {
  /** JSON Pointer (RFC 6901) to the member. */
  path: string;
  message: string;
}

/** A code that this version knows, or another one: the server may be newer. */
export type ErrorCode =
  | ProblemCode
  | 'unexpected_answer'
  | 'not_modified'
  | 'redirected'
  | 'response_too_large'
  | (string & {});

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
 * The server answered, but not with what was asked for. Not thrown when there was no answer.
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
export class ApiError extends TallyError {
  override readonly name = 'ApiError';
  /** The HTTP status; 0 for a redirect in a browser. */
  readonly status: number;
  /**
   * What went wrong, for a program. `unexpected_answer` if it was not Tally that answered; `not_modified`
   * if you have it already, as your `If-None-Match` says; `redirected` if the server named another address;
   * `response_too_large` if there is more than `maxResponseBytes`.
   */
  readonly code: ErrorCode;
  /** The phrase of the status. */
  readonly title: string;
  /** What went wrong, for a person. */
  readonly detail: string;
  /** The id under which the server has logged the request. */
  readonly requestId: string | undefined;
  /** The members that break a rule, where `code` is `validation_failed`. */
  readonly errors: readonly FieldError[];
  /** Seconds to wait before the next try, where the server says so. */
  readonly retryAfter: number | undefined;
  /** The whole problem (RFC 9457), with members of its own such as `shortages`; empty if Tally did not answer. */
  readonly problem: Readonly<Record<string, unknown>>;
  /** The headers of the answer. */
  readonly headers: Headers;

  constructor(fields: ApiErrorFields) {
    const { status, code, detail, requestId } = fields;
    super(`${status} ${code}: ${detail}${requestId ? ` (request ${requestId})` : ''}`);
    this.status = status;
    this.code = code;
    this.title = fields.title;
    this.detail = detail;
    this.requestId = requestId;
    this.errors = fields.errors;
    this.retryAfter = fields.retryAfter;
    this.problem = fields.problem;
    this.headers = fields.headers;
  }
}

/**
 * There was no whole answer: the server could not be reached, or the connection broke off. `cause` is
 * what the runtime says. Where the connection was not refused, the server may have done its work.
 */
export class ConnectionError extends TallyError {
  override readonly name = 'ConnectionError';
}

/** Nothing moved for as long as the time-out allows. The server may have done its work, or still do it. */
export class TimeoutError extends TallyError {
  override readonly name = 'TimeoutError';
}
