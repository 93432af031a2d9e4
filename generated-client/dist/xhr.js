import { tooLarge } from './answer-errors.js';
const { XMLHttpRequest } = globalThis;
/** True in browsers, where only XMLHttpRequest reports the progress of an upload. */
export const hasXhr = XMLHttpRequest !== undefined;
/** Makes a `fetch` that reports the progress of an upload. Unlike other requests, it sends cookies to the page's own origin. */
export function createXhrFetch(onProgress, maxResponseBytes) {
    return (url, init = {}) => new Promise((resolve, reject) => {
        const { method = 'GET', headers, body, signal } = init;
        const request = new XMLHttpRequest();
        const fail = (reason) => {
            reject(reason);
            request.abort();
        };
        const abort = () => fail(signal?.reason);
        if (signal?.aborted)
            return abort();
        request.open(method, String(url));
        request.responseType = 'arraybuffer';
        for (const [name, value] of headers)
            request.setRequestHeader(name, value);
        request.upload.onprogress = ({ loaded, total }) => {
            try {
                onProgress({ loaded, total });
            }
            catch (reason) {
                fail(reason);
            }
        };
        request.onprogress = ({ loaded }) => {
            if (loaded > maxResponseBytes)
                fail(tooLarge(toResponse(request), maxResponseBytes));
        };
        request.onload = () => {
            try {
                resolve(restoreRedirect(toResponse(request), String(url), request.responseURL));
            }
            catch (reason) {
                reject(reason);
            }
        };
        request.onloadend = () => {
            signal?.removeEventListener('abort', abort);
            // Has no effect after an answer.
            reject(new TypeError('XMLHttpRequest failed'));
        };
        signal?.addEventListener('abort', abort, { once: true });
        request.send(body);
    });
}
function toResponse(request) {
    const headers = new Headers();
    for (const line of request.getAllResponseHeaders().trim().split('\r\n')) {
        const colon = line.indexOf(':');
        if (colon > 0)
            headers.append(line.slice(0, colon), line.slice(colon + 1).trim());
    }
    const { status, statusText, response } = request;
    return new Response(response?.byteLength ? response : null, { status, statusText, headers });
}
/** Turns the answer of another address back into a redirect, because an XMLHttpRequest always follows redirects. */
function restoreRedirect(response, sentTo, answeredBy) {
    const isSame = new URL(sentTo).href === answeredBy;
    return isSame ? response : Response.redirect(answeredBy, 307);
}
