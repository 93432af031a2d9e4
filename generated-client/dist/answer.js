import { commonFields, isRedirect, mediaTypeOf, notModified, redirected, unexpected, } from './answer-errors.js';
import { readBlob } from './download.js';
import { ApiError } from './errors.js';
import { isObject } from './kinds.js';
/**
 * Returns the JSON of an answer, or undefined where the operation answers without content.
 *
 * @throws {ApiError} if the answer is no success, or not one of this operation.
 */
export async function readAnswer(response, expected, limits) {
    if (isRedirect(response)) {
        await response.body?.cancel();
        throw redirected(response);
    }
    const content = await readJson(response, limits);
    if (!response.ok)
        throw toApiError(response, content);
    if (expected === 'nothing' && (response.status === 202 || response.status === 204))
        return undefined;
    if (expected === 'json' && isObject(content))
        return content;
    throw unexpected(response);
}
/** Returns undefined for anything but JSON, whose body is then not read. */
async function readJson(response, limits) {
    if (!/^application\/([\w.+-]+\+)?json\b/i.test(mediaTypeOf(response))) {
        await response.body?.cancel();
        return undefined;
    }
    const blob = await readBlob(response, limits);
    const text = await blob.text();
    try {
        return JSON.parse(text);
    }
    catch {
        // The parser's own error would quote the text, which may hold a token.
        return undefined;
    }
}
function toApiError(response, content) {
    if (response.status === 304)
        return notModified(response);
    if (!isObject(content))
        return unexpected(response);
    const { code, detail, title, request_id, errors } = content;
    if (typeof code !== 'string' || typeof detail !== 'string')
        return unexpected(response);
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
function isFieldError(value) {
    return isObject(value) && typeof value.path === 'string' && typeof value.message === 'string';
}
