import {
  commonFields,
  isRedirect,
  mediaTypeOf,
  notModified,
  redirected,
  unexpected,
} from './answer-errors.js';
import { type ReadLimits, readBlob } from './download.js';
import { ApiError, type FieldError } from './errors.js';

/** What the success of an operation carries, as the specification says. */
export type Content = 'json' | 'file' | 'nothing';

/**
 * The JSON of an answer; undefined where the operation answers with nothing.
 *
 * @throws {ApiError} if it is not a success, or not what the operation answers with.
 */
export async function readAnswer(
  response: Response,
  expected: Content,
  limits: ReadLimits,
): Promise<unknown> {
  if (isRedirect(response)) {
    await response.body?.cancel();
    throw redirected(response);
  }
  const content = await readJson(response, limits);
  if (!response.ok) throw toApiError(response, content);
  if (expected === 'nothing' && response.status === 204) return undefined;
  if (expected === 'json' && isObject(content)) return content;
  throw unexpected(response);
}

/** Undefined if it is no JSON; then the body is not looked at. */
async function readJson(response: Response, limits: ReadLimits): Promise<unknown> {
  if (!/^application\/([\w.+-]+\+)?json\b/i.test(mediaTypeOf(response))) {
    await response.body?.cancel();
    return undefined;
  }
  const blob = await readBlob(response, limits);
  const text = await blob.text();
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own error would quote the text, which may hold a token.
    return undefined;
  }
}

function toApiError(response: Response, content: unknown): ApiError {
  if (response.status === 304) return notModified(response);
  if (!isObject(content)) return unexpected(response);
  const { code, detail, title, request_id, errors } = content;
  if (typeof code !== 'string' || typeof detail !== 'string') return unexpected(response);
  return new ApiError({
    ...commonFields(response),
    code,
    detail,
    ...(typeof title === 'string' && { title }),
    ...(typeof request_id === 'string' && { requestId: request_id }),
    errors: Array.isArray(errors) ? (errors as FieldError[]) : [],
    problem: content,
  });
}

function isObject(content: unknown): content is Record<string, unknown> {
  return typeof content === 'object' && content !== null && !Array.isArray(content);
}
