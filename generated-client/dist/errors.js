/**
 * The error of a failed call. Two failures throw something else: an argument that cannot be sent throws a
 * `TypeError`, and an aborted `AbortSignal` throws its reason.
 *
 * No error holds the request: neither its body, nor a password, nor the token.
 */
export class TallyError extends Error {
    name = 'TallyError';
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
export class ApiError extends TallyError {
    name = 'ApiError';
    constructor(fields) {
        const { status, code, detail, requestId, errors } = fields;
        const request = requestId ? ` (request ${requestId})` : '';
        const rules = spellRules(errors);
        super(`${status} ${code}: ${rules ? detail.replace(/\.$/, '') : detail}${request}${rules}`);
        Object.assign(this, fields);
    }
}
/** Rules that a message names. */
const MAX_RULES = 3;
/** Returns the broken rules as the end of a message, or nothing if there are none. */
export function spellRules(errors) {
    if (errors.length === 0)
        return '';
    const rules = errors.slice(0, MAX_RULES).map(({ path, message }) => `${path} ${message}`);
    const more = errors.length > MAX_RULES ? `, and ${errors.length - MAX_RULES} more` : '';
    return `: ${rules.join('; ')}${more}`;
}
/**
 * No complete answer: the server could not be reached, or the connection broke. `cause` is the runtime's error.
 * Unless the connection was refused, the server may have processed the request.
 */
export class ConnectionError extends TallyError {
    name = 'ConnectionError';
}
/** No progress for the time that `timeout` allows. The server may have processed the request, or still do so. */
export class TimeoutError extends TallyError {
    name = 'TimeoutError';
}
