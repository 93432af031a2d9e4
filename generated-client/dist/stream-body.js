import { tagOf } from './kinds.js';
/** Longest time for which a source may block the event loop, in milliseconds. */
const MAX_TURN_MS = 50;
/**
 * Makes a body of a stream. It can be sent only once: some runtimes read from it before they are connected.
 * The rest of the stream is cancelled when the call is over.
 */
export function createStreamBody(source, options = {}) {
    const { before = '', after = '', total, mediaType, onProgress } = options;
    if ('locked' in source && source.locked)
        throw new TypeError('The stream is being read already.');
    if (!supportsUploadStreams()) {
        throw new TypeError('This runtime cannot send a stream. Send a Blob or bytes.');
    }
    const reader = readerOf(source);
    let closed = false;
    let failure;
    let loaded = 0;
    function enqueue(controller, chunk) {
        loaded += chunk.byteLength;
        controller.enqueue(chunk);
        onProgress?.({ loaded, total });
    }
    async function pull(controller, touch) {
        try {
            if (before && loaded === 0)
                return enqueue(controller, encode(before));
            const { done, value } = await reader.read();
            if (closed)
                return;
            touch();
            if (done) {
                if (after)
                    enqueue(controller, encode(after));
                return controller.close();
            }
            if (tagOf(value) !== 'Uint8Array') {
                throw new TypeError('A chunk of the stream is not a Uint8Array.');
            }
            enqueue(controller, value);
        }
        catch (reason) {
            failure ??= { reason };
            throw reason;
        }
    }
    function close() {
        closed = true;
        // The call is over, so a failure to cancel does not matter.
        reader.cancel().catch(() => undefined);
    }
    return {
        size: undefined,
        isReplayable: false,
        mediaType,
        get failure() {
            return failure;
        },
        open(touch) {
            const yieldSometimes = createYielder();
            return new ReadableStream({
                async pull(controller) {
                    await yieldSometimes();
                    await pull(controller, touch);
                },
                cancel: close,
            }, 
            // No chunk is read ahead.
            { highWaterMark: 0 });
        },
        close,
    };
}
function readerOf(source) {
    if ('getReader' in source)
        return source.getReader();
    const iterator = source[Symbol.asyncIterator]();
    return {
        read: async () => iterator.next(),
        async cancel() {
            // A stream of Node that waits for data would not return before it gets some.
            source.destroy?.();
            await iterator.return?.();
        },
    };
}
function encode(text) {
    return new TextEncoder().encode(text);
}
/**
 * Yields to the event loop now and then. A source that never waits and a fast connection would otherwise run no
 * timer, and read no answer, before the last byte is sent.
 */
function createYielder() {
    let lastYield = performance.now();
    return async () => {
        if (performance.now() - lastYield < MAX_TURN_MS)
            return;
        await new Promise((resolve) => setTimeout(resolve));
        lastYield = performance.now();
    };
}
let hasUploadStreams;
/** A runtime without upload streams would send the text "[object ReadableStream]". */
function supportsUploadStreams() {
    if (hasUploadStreams !== undefined)
        return hasUploadStreams;
    const init = { method: 'POST', body: new ReadableStream(), duplex: 'half' };
    const { headers } = new Request('http://localhost', init);
    hasUploadStreams = !headers.has('content-type');
    return hasUploadStreams;
}
