import { DocumentFault } from '../generated/engine/index.js';
import { compiledScanner } from './engine.js';
import { slicesOf } from './slices.js';
/** Sources of at least this size are worth the start of a worker, in bytes. */
const LARGE_SOURCE = 16 * 1024 ** 2;
/** Bytes that a page copies at once: less than a millisecond of its time. */
const COPY = 1024 ** 2;
/** Longest time to load the worker's program, in milliseconds. */
const MAX_START_MS = 5000;
/** True once a worker could not be started: the next one could not either. */
let isUnavailable = false;
/**
 * Starts a worker for a large source if the caller is a page. Elsewhere, and where none can be started, because of a
 * content security policy, another origin or a bundler that left it out, returns undefined.
 */
export async function startThread({ size }) {
    const isPage = 'document' in globalThis && 'Worker' in globalThis;
    if (!isPage || isUnavailable || !(size >= LARGE_SOURCE))
        return undefined;
    const thread = await loadThread();
    isUnavailable ||= !thread;
    return thread;
}
function loadThread() {
    return new Promise((resolve) => {
        let thread;
        try {
            // Bundlers look for exactly this expression.
            thread = new Worker(new URL('./local-worker.js', import.meta.url), { type: 'module' });
        }
        catch {
            return resolve(undefined);
        }
        const giveUp = () => {
            thread.terminate();
            resolve(undefined);
        };
        const timer = setTimeout(giveUp, MAX_START_MS);
        thread.onerror = (event) => {
            event.preventDefault();
            clearTimeout(timer);
            giveUp();
        };
        thread.onmessage = () => {
            clearTimeout(timer);
            resolve(thread);
        };
    });
}
/** Returns the total of a source that is read, or scanned, by the thread; the thread is ended then. */
export async function scanInThread(thread, source, { document, limits, onProgress }) {
    const pieces = piecesOf(source);
    function supply() {
        const piece = pieces.next().value?.slice();
        thread.postMessage(piece, piece ? [piece.buffer] : []);
    }
    return new Promise((resolve, reject) => {
        thread.onerror = ({ message }) => reject(new Error(`The worker failed: ${message}`));
        thread.onmessage = ({ data: report }) => {
            try {
                if (report.step === 'pull')
                    supply();
                if (report.step === 'progress')
                    onProgress?.(report.bytes);
                if (report.step === 'end')
                    resolve(report.total);
                if (report.step === 'failure')
                    reject(errorOf(report));
            }
            catch (error) {
                reject(error);
            }
        };
        const scanner = compiledScanner();
        thread.postMessage({ scanner, limits, document, blob: source.blob });
    });
}
/** Sources in memory return their pieces at once. */
function* piecesOf(source) {
    for (let piece = source.next(); piece; piece = source.next()) {
        yield* slicesOf(piece, COPY);
    }
}
function errorOf({ name, message, fault }) {
    if (fault)
        return new DocumentFault(fault.code, fault.offset, message, fault.line);
    return new DOMException(message, name);
}
