import { ApiError, type FieldError } from './errors.js';

/** The value that an answer of JSON carries, or an {@link ApiError} if it is not a success. */
export async function readAnswer(response: Response): Promise<unknown> {
  const content = await readJson(response);
  if (!response.ok) throw toApiError(response, content);
  if (response.status === 204) return undefined;
  if (content === undefined) throw unexpected(response);
  return content;
}

/** Undefined if it is no JSON; then the body is not looked at. */
async function readJson(response: Response): Promise<unknown> {
  if (!/^application\/([\w.+-]+\+)?json\b/i.test(mediaTypeOf(response))) {
    await response.body?.cancel();
    return undefined;
  }
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own error would quote the text, which may hold a token.
    return undefined;
  }
}

function toApiError(response: Response, content: unknown): ApiError {
  if (response.status === 304) return notModified(response);
  if (typeof content !== 'object' || content === null) return unexpected(response);
  const problem = content as Record<string, unknown>;
  const { code, detail, title, request_id, errors } = problem;
  if (typeof code !== 'string' || typeof detail !== 'string') return unexpected(response);
  return new ApiError({
    ...common(response),
    code,
    detail,
    ...(typeof title === 'string' && { title }),
    ...(typeof request_id === 'string' && { requestId: request_id }),
    errors: Array.isArray(errors) ? (errors as FieldError[]) : [],
    problem,
  });
}

/** What was asked for with `If-None-Match` has no newer content. */
function notModified(response: Response): ApiError {
  return new ApiError({
    ...common(response),
    code: 'not_modified',
    detail: 'It is what If-None-Match says.',
    errors: [],
    problem: {},
  });
}

/** What a proxy says, or another server at this address, or half of an answer. */
function unexpected(response: Response): ApiError {
  return new ApiError({
    ...common(response),
    code: 'unexpected_answer',
    detail: `This is not an answer of Tally (${mediaTypeOf(response) || 'no content type'}). Is a proxy in between, or another server at this address?`,
    errors: [],
    problem: {},
  });
}

function common({ status, statusText, headers }: Response) {
  return {
    status,
    title: statusText,
    requestId: headers.get('x-request-id') ?? undefined,
    retryAfter: parseRetryAfter(headers.get('retry-after')),
    headers,
  };
}

export function mediaTypeOf({ headers }: Response): string {
  return headers.get('content-type')?.split(';', 1)[0]?.trim() ?? '';
}

/** Seconds from now: RFC 9110 section 10.2.3 allows a number of seconds or a date. */
function parseRetryAfter(value: string | null): number | undefined {
  if (value === null) return undefined;
  if (/^\d+$/.test(value)) return Number(value);
  const time = Date.parse(value);
  return Number.isNaN(time) ? undefined : Math.max(0, (time - Date.now()) / 1000);
}
