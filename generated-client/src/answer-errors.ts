import { ApiError, type ErrorCode } from './errors.js';
import { originOf } from './url.js';

const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];

/** Returns the fields that all errors of an answer have. */
export function commonFields({ status, statusText, headers }: Response) {
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
    'The content still has the ETag that If-None-Match names.',
  );
}

/** An answer of a proxy or of another server at this address, or an incomplete one. */
export function unexpected(response: Response): ApiError {
  return withoutProblem(
    response,
    'unexpected_answer',
    `This is not an answer of Tally (${mediaTypeOf(response) || 'no content type'}). Is a proxy in between, or another server at this address?`,
  );
}

/** Browsers hide the status and the address of a redirect. A custom `fetch` may have followed it. */
export function isRedirect({ type, redirected, status }: Response): boolean {
  return type === 'opaqueredirect' || redirected || REDIRECTS.includes(status);
}

/** A redirect. The message names only the origin, because the rest of the address may repeat what was sent. */
export function redirected(response: Response): ApiError {
  const location = response.redirected ? response.url : response.headers.get('location');
  const target = location === null ? undefined : originOf(location, response.url);
  return withoutProblem(
    response,
    'redirected',
    `The server redirects to ${target ?? 'another address'}. Redirects are not followed, because the request may hold a password or a token. If you trust that address, use it as baseUrl.`,
  );
}

/** An answer that is larger than the limit; its rest is not read. */
export function tooLarge(response: Response, maxResponseBytes: number): ApiError {
  return withoutProblem(
    response,
    'response_too_large',
    `The answer is larger than ${maxResponseBytes} bytes. Raise maxResponseBytes, or read a file as a stream.`,
  );
}

export function mediaTypeOf({ headers }: Response): string {
  return headers.get('content-type')?.split(';', 1)[0]?.trim() ?? '';
}

function withoutProblem(response: Response, code: ErrorCode, detail: string): ApiError {
  return new ApiError({ ...commonFields(response), code, detail, errors: [], problem: {} });
}

/** Returns seconds from now. RFC 9110 section 10.2.3 allows a number of seconds or a date. */
function parseRetryAfter(value: string | null): number | undefined {
  if (value === null) return undefined;
  if (/^\d+$/.test(value)) return Number(value);
  const time = Date.parse(value);
  return Number.isNaN(time) ? undefined : Math.max(0, (time - Date.now()) / 1000);
}
