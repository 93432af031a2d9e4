import type { Watch } from './watch.js';
/** Limits of time and size for an answer that is read whole. */
export interface ReadLimits {
    watch: Watch;
    /** Counts decoded bytes. */
    maxResponseBytes: number;
}
/**
 * Reads an answer to its end. Each chunk restarts the time-out.
 *
 * @throws {ApiError} `response_too_large`.
 */
export declare function readBlob(response: Response, { watch, maxResponseBytes }: ReadLimits): Promise<Blob>;
/** Returns the bytes of an answer as a stream. The time-out runs only while a chunk is awaited. */
export declare function openDownload(response: Response, watch: Watch, toError: (error: unknown) => unknown): {
    value: ReadableStream<Uint8Array>;
    ended: Promise<void>;
};
