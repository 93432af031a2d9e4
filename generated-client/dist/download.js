import { tooLarge } from './answer-errors.js';
/**
 * Reads an answer to its end. Each chunk restarts the time-out.
 *
 * @throws {ApiError} `response_too_large`.
 */
export async function readBlob(response, { watch, maxResponseBytes }) {
    const chunks = [];
    const reader = bytesOf(response).getReader();
    for (let size = 0;;) {
        const { done, value } = await reader.read();
        if (done)
            break;
        watch.touch();
        size += value.byteLength;
        if (size > maxResponseBytes) {
            // The call fails anyway, so a failure to cancel does not matter.
            reader.cancel().catch(() => undefined);
            throw tooLarge(response, maxResponseBytes);
        }
        chunks.push(value);
    }
    return new Blob(chunks, { type: response.headers.get('content-type') ?? '' });
}
/** Returns the bytes of an answer as a stream. The time-out runs only while a chunk is awaited. */
export function openDownload(response, watch, toError) {
    const reader = bytesOf(response).getReader();
    let end;
    const ended = new Promise((resolve) => {
        end = resolve;
    });
    watch.pause();
    const value = new ReadableStream({
        async pull(controller) {
            watch.touch();
            try {
                const { done, value } = await reader.read();
                watch.pause();
                if (!done)
                    return controller.enqueue(value);
                end();
                controller.close();
            }
            catch (error) {
                end();
                throw toError(error);
            }
        },
        cancel(reason) {
            end();
            return reader.cancel(reason);
        },
    }, 
    // No chunk is read ahead.
    { highWaterMark: 0 });
    return { value, ended };
}
function bytesOf({ body }) {
    return body ?? new Blob([]).stream();
}
