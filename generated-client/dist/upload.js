import { createForm } from './form.js';
import { isStream } from './kinds.js';
import { createXhrFetch, hasXhr } from './xhr.js';
/** Makes the body of a form with a file, and the `fetch` that reports its progress. */
export function createUpload(fields, onProgress) {
    // An XMLHttpRequest cannot send streams.
    const isByXhr = hasXhr && !isStream(fields.image);
    const body = createForm(fields, isByXhr ? undefined : onProgress);
    if (!isByXhr || !onProgress)
        return { body };
    let failure;
    return {
        body: {
            ...body,
            get failure() {
                return failure;
            },
        },
        createFetch(touch, { fetch, hasCustomFetch, maxResponseBytes }) {
            // It must not bypass the caller's own fetch.
            if (hasCustomFetch)
                return fetch;
            return createXhrFetch((progress) => {
                touch();
                try {
                    onProgress(progress);
                }
                catch (reason) {
                    failure = { reason };
                    throw reason;
                }
            }, maxResponseBytes);
        },
    };
}
