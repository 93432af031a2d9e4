import { readAnswer } from './answer.js';
import { isRedirect, mediaTypeOf, unexpected } from './answer-errors.js';
import { toConnectionError } from './connection.js';
import { readBlob } from './download.js';
import { TallyError } from './errors.js';
import { createWatch } from './watch.js';
/**
 * Sends a request once, and reads the answer.
 *
 * @throws {TallyError} and, as they are, the reason of the signal and errors of the body's source and listener.
 */
export async function sendAttempt(request, settings, options) {
    const { url, method, headers, body, signal } = request;
    const { timeout, maxResponseBytes } = settings;
    const watch = createWatch(timeout, body.size ?? 0, signal);
    const toError = (error) => {
        if (watch.signal.aborted)
            return watch.signal.reason;
        if (body.failure)
            return body.failure.reason;
        return error instanceof TallyError ? error : toConnectionError(url, error);
    };
    const fetch = options.createFetch?.(watch.touch, settings) ?? settings.fetch;
    try {
        const init = {
            method,
            headers,
            body: body.open(watch.touch),
            duplex: 'half',
            // The token is the only credential. If cookies were sent, fetch would hide a 401 to a stream.
            credentials: 'omit',
            // Following would send the body to any host that the answer names.
            redirect: 'manual',
            signal: watch.signal,
        };
        const response = await fetch(url, init);
        watch.touch();
        const limits = { watch, maxResponseBytes };
        const answer = await read(response, request.operation, limits, { ...options, toError });
        answer.ended.then(watch.stop);
        return answer;
    }
    catch (error) {
        watch.stop();
        throw toError(error);
    }
    finally {
        body.close();
    }
}
async function read(response, operation, limits, { accepts, openFile, toError }) {
    const ended = Promise.resolve();
    const isFile = response.ok && operation.fileTypes?.includes(mediaTypeOf(response));
    if (!isFile || isRedirect(response)) {
        const value = await readAnswer(response, contentOf(operation), limits);
        if (accepts?.(value) === false)
            throw unexpected(response);
        return { value, response, ended };
    }
    const opened = openFile?.(response, limits.watch, toError);
    return { ...(opened ?? { value: await readBlob(response, limits), ended }), response };
}
function contentOf({ fileTypes, isEmpty }) {
    if (fileTypes)
        return 'file';
    return isEmpty ? 'nothing' : 'json';
}
