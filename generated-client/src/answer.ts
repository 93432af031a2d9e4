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
import { isObject } from './kinds.js';

/** The content of a successful answer, according to the specification. */
export type Content = 'json' | 'file' | 'nothing';

/**
 * Returns the JSON of an answer, or undefined where the operation answers without content.
 *
 * @throws {ApiError} if the answer is no success, or not one of this operation.
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
  if (expected === 'nothing' && (response.status === 202 || response.status === 204))
    return undefined;
  if (expected === 'json' && isObject(content)) return content;
  throw unexpected(response);
}

/** Returns undefined for anything but JSON, whose body is then not read. */
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
    errors: Array.isArray(errors) ? errors.filter(isFieldError) : [],
    problem: content,
  });
}

function isFieldError(value: unknown): value is FieldError {
  return isObject(value) && typeof value.path === 'string' && typeof value.message === 'string';
}
