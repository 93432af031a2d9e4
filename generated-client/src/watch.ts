import { TimeoutError } from './errors.js';

/** Slowest upload that is not taken for a standstill, where its progress cannot be seen: bytes per millisecond. */
const SLOWEST_UPLOAD = 64;
/** Longest time that a timer can run, in milliseconds. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** Ends an attempt that stands still. */
export interface Watch {
  /** Aborted when the time is over, or for the caller's reason. */
  readonly signal: AbortSignal;
  /** Something moved: the time starts anew. */
  touch(): void;
  /** Nothing is awaited: no time passes until the next touch. */
  pause(): void;
  stop(): void;
}

/**
 * Starts to watch. `size` is that of the body, if it is known: nobody tells how much of it is sent already, so the time
 * for it is granted at the start.
 */
export function createWatch(
  timeout: number,
  size: number,
  caller: AbortSignal,
  complaint = 'Nothing moved',
): Watch {
  const controller = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;

  const follow = () => controller.abort(caller.reason);
  const restart = (time: number) => {
    clearTimeout(timer);
    if (time <= LONGEST_TIMER) timer = setTimeout(expire, time);
  };
  const expire = () => {
    const message = `${complaint} for ${timeout} ms`;
    const cause = new DOMException(message, 'TimeoutError');
    controller.abort(new TimeoutError(`${message}.`, { cause }));
  };

  if (caller.aborted) follow();
  else caller.addEventListener('abort', follow, { once: true });
  restart(timeout + size / SLOWEST_UPLOAD);
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
