import { type Total } from '../generated/engine/index.js';
import type { Report } from './local-worker.js';
import type { LocalRequest } from './options.js';
import type { Source } from './source.js';
/** The part of a page's worker that is used here; the types of Node do not declare it. */
interface Thread {
    onmessage: ((event: {
        data: Report;
    }) => void) | null;
    onerror: ((event: {
        message?: string;
        preventDefault(): void;
    }) => void) | null;
    postMessage(message: unknown, transfer?: ArrayBuffer[]): void;
    terminate(): void;
}
/**
 * Starts a worker for a large source if the caller is a page. Elsewhere, and where none can be started, because of a
 * content security policy, another origin or a bundler that left it out, returns undefined.
 */
export declare function startThread({ size }: Source): Promise<Thread | undefined>;
/** Returns the total of a source that is read, or scanned, by the thread; the thread is ended then. */
export declare function scanInThread(thread: Thread, source: Source, { document, limits, onProgress }: LocalRequest): Promise<Total>;
export {};
