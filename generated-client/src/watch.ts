import { TimeoutError } from './errors.js';

/** Slowest upload that counts as progress where the runtime reports none. */
const MIN_UPLOAD_BYTES_PER_MS = 64;
/** Longest delay of a timer. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Aborts an attempt that makes no progress. */
export interface Watch {
  /** Aborted at the time-out, or with the caller's reason. */
  readonly signal: AbortSignal;
  /** Restarts the time-out, because there was progress. */
  touch(): void;
  /** Stops the time-out until the next `touch`, because nothing is awaited. */
  pause(): void;
  stop(): void;
}

/** The signal of calls that nobody aborts. */
export const NEVER_ABORTED = new AbortController().signal;

/** Limits of the time that a call waits for the token store, a hook, or a refresh that it shares with others. */
export interface WaitLimits {
  /** In milliseconds. */
  timeout: number;
  signal: AbortSignal;
}

/**
 * Starts a time-out. `size` is that of the body, or 0 if unknown: runtimes report no upload progress, so the time that
 * the upload may take is added at the start.
 */
export function createWatch(
  timeout: number,
  size: number,
  caller: AbortSignal,
  description = 'No progress',
): Watch {
  const controller = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;

  const follow = () => controller.abort(caller.reason);
  const restart = (time: number) => {
    clearTimeout(timer);
    if (time <= MAX_TIMER_MS) timer = setTimeout(expire, time);
  };
  const expire = () => {
    const message = `${description} for ${timeout} ms.`;
    const cause = new DOMException(message, 'TimeoutError');
    controller.abort(new TimeoutError(message, { cause }));
  };

  if (caller.aborted) follow();
  else caller.addEventListener('abort', follow, { once: true });
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
export function waitFor<T>(
  task: () => Promise<T>,
  limits: WaitLimits,
  description: string,
): Promise<T> {
  const watch = createWatch(limits.timeout, 0, limits.signal, description);
  return new Promise<T>((resolve, reject) => {
    const stop = () => reject(watch.signal.reason);
    if (watch.signal.aborted) stop();
    watch.signal.addEventListener('abort', stop, { once: true });
    task().then(resolve, reject);
  }).finally(watch.stop);
}
