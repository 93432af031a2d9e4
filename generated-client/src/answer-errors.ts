import { ApiError, type ErrorCode } from './errors.js';
import { originOf } from './url.js';

type AnswerHead = Pick<Response, 'status' | 'statusText' | 'headers'>;

/** Returns the fields that all errors of an answer have. */
export function commonFields({ status, statusText, headers }: AnswerHead) {
  return {
    status,
    title: statusText,
    requestId: headers.get('x-request-id') ?? undefined,
    retryAfter: parseRetryAfter(headers.get('retry-after')),
    headers,
  };
}

/** A 304, which is the answer to the caller's own `If-None-Match`. */
export function notModified(response: Response): ApiError {
  return withoutProblem(
    response,
    'not_modified',
    'The content still has the ETag of If-None-Match.',
  );
}

/** An answer of a proxy or of another server at this address, or an incomplete one. */
export function unexpected(response: Response): ApiError {
  return withoutProblem(
    response,
    'unexpected_answer',
    `Not an answer of Tally (${mediaTypeOf(response) || 'no content type'}), but of a proxy or another server.`,
  );
}

/** Browsers hide the status and the address of a redirect. A custom `fetch` may have followed it. */
export function isRedirect({ type, redirected, status }: Response): boolean {
  return type === 'opaqueredirect' || redirected || /^30[12378]$/.test(String(status));
}

/** A redirect. The message names only the origin, because the rest of the address may repeat what was sent. */
export function redirected(response: Response): ApiError {
  const location = response.redirected ? response.url : response.headers.get('location');
  const target = location === null ? undefined : originOf(location, response.url);
  const { status, statusText } = response;
  const headers = new Headers(response.headers);
  // The rest of the address repeats the path and the query.
  if (target) headers.set('location', target);
  return withoutProblem(
    { status, statusText, headers },
    'redirected',
    `The server redirects to ${target ?? 'another address'}, which is not followed. If you trust it, use it as baseUrl.`,
  );
}

/** An answer that is larger than the limit; its rest is not read. */
export function tooLarge(response: Response, maxResponseBytes: number): ApiError {
  return withoutProblem(
    response,
    'response_too_large',
    `The answer is larger than maxResponseBytes (${maxResponseBytes}).`,
  );
}

export function mediaTypeOf({ headers }: Response): string {
  return headers.get('content-type')?.split(';', 1)[0]?.trim() ?? '';
}

function withoutProblem(response: AnswerHead, code: ErrorCode, detail: string): ApiError {
  return new ApiError({ ...commonFields(response), code, detail, errors: [], problem: {} });
}

/** Returns seconds from now. RFC 9110 section 10.2.3 allows a number of seconds or a date. */
function parseRetryAfter(value: string | null): number | undefined {
  if (value === null) return undefined;
  if (/^\d+$/.test(value)) return Number(value);
  const time = Date.parse(value);
  return Number.isNaN(time) ? undefined : Math.max(0, (time - Date.now()) / 1000);
}
