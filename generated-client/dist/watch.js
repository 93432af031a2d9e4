import { TimeoutError } from './errors.js';
/** Slowest upload that counts as progress where the runtime reports none. */
const MIN_UPLOAD_BYTES_PER_MS = 64;
/** Longest delay of a timer. */
const MAX_TIMER_MS = 2 ** 31 - 1;
/** The signal of calls that nobody aborts. */
export const NEVER_ABORTED = new AbortController().signal;
/**
 * Starts a time-out. `size` is that of the body, or 0 if unknown: runtimes report no upload progress, so the time that
 * the upload may take is added at the start.
 */
export function createWatch(timeout, size, caller, description = 'No progress') {
    const controller = new AbortController();
    let timer;
    const follow = () => controller.abort(caller.reason);
    const restart = (time) => {
        clearTimeout(timer);
        if (time <= MAX_TIMER_MS)
            timer = setTimeout(expire, time);
    };
    const expire = () => {
        const message = `${description} for ${timeout} ms.`;
        const cause = new DOMException(message, 'TimeoutError');
        controller.abort(new TimeoutError(message, { cause }));
    };
    if (caller.aborted)
        follow();
    else
        caller.addEventListener('abort', follow, { once: true });
    restart(timeout + size / MIN_UPLOAD_BYTES_PER_MS);
    return {
        signal: controller.signal,
        touch: () => restart(timeout),
        pause: () => clearTimeout(timer),
        stop() {
            clearTimeout(timer);
            caller.removeEventListener('abort', follow);
        },
    };
}
/** Waits for a task until the call is aborted or times out. The task itself goes on. */
export function waitFor(task, limits, description) {
    const watch = createWatch(limits.timeout, 0, limits.signal, description);
    return new Promise((resolve, reject) => {
        const stop = () => reject(watch.signal.reason);
        if (watch.signal.aborted)
            stop();
        watch.signal.addEventListener('abort', stop, { once: true });
        task().then(resolve, reject);
    }).finally(watch.stop);
}
