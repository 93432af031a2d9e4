/** How often the watch looks, in milliseconds. */
const TICK = 250;
/** After how long without any answer the watch asks whether the server is there, in milliseconds. */
const SILENCE = 1000;
/** How long the server has to answer that, in milliseconds. */
export const PROBE_LIMIT = 1000;
/** The pause between two such questions, in milliseconds: while the server answers, and while it does not. */
const PROBE_PAUSE = { answered: 5000, unanswered: 250 };
/** How many questions in a row stay unanswered where the server cannot be reached, and is not merely busy. */
const PROBES = 2;
/** How long an operation goes on while the server cannot be reached, in milliseconds. */
const UNREACHABLE_LIMIT = 5000;
/** How long operations from before an outage have to go on after it, in milliseconds. */
const RESUMPTION = 500;

interface Operation {
  startedAt: number;
  abort(reason: Error): void;
  limit: number;
}

/**
 * Watches over what is in flight on the connections to one server. An operation ends at its limit; and
 * where all connections are silent, a connection of the watch's own finds out whether the server can be
 * reached, so that nobody waits for it in vain while it cannot, and nobody waits for the dead connections
 * of the time before once it can.
 */
export class Watch {
  /** Whether it is known that the server cannot be reached. */
  unreachable = false;
  /** Connections that were last heard before this time may be dead. */
  trustedSince = 0;
  readonly #probe: () => Promise<void>;
  readonly #inFlight = new Set<Operation>();
  #heardAt = 0;
  #tickedAt = performance.now();
  #probing = false;
  #probeAfter = 0;
  #unanswered = 0;
  #timer: NodeJS.Timeout | undefined;

  /** `probe` asks the server for a sign of life, with {@link run}, and throws where there is none. */
  constructor(probe: () => Promise<void>) {
    this.#probe = probe;
  }

  /** Does something that takes an answer of the server; `abort` makes it stop. */
  run<T>(limit: number, action: () => Promise<T>, abort: () => void): Promise<T> {
    this.#timer ??= setInterval(() => this.#tick(), TICK).unref();
    return new Promise((resolve, reject) => {
      const operation: Operation = {
        startedAt: performance.now(),
        limit,
        abort: (reason) => {
          this.#inFlight.delete(operation);
          abort();
          reject(reason);
        },
      };
      this.#inFlight.add(operation);
      action()
        .finally(() => this.#inFlight.delete(operation))
        .then(resolve, reject);
    });
  }

  /** To be called with each answer of the server. */
  heard(): void {
    this.#heardAt = performance.now();
    if (this.unreachable) this.#returned();
  }

  close(): void {
    clearInterval(this.#timer);
    for (const { abort } of this.#inFlight) abort(new Error('the database was closed'));
  }

  #tick(): void {
    const now = performance.now();
    const late = now - this.#tickedAt > 3 * TICK;
    this.#tickedAt = now;
    // The process itself was stopped: the answers that came meanwhile are read first.
    if (late) return;
    let silent = false;
    for (const { startedAt, limit, abort } of this.#inFlight) {
      const left = this.unreachable ? Math.min(limit, UNREACHABLE_LIMIT) : limit;
      if (now - startedAt > left) {
        this.trustedSince = Math.max(this.trustedSince, startedAt);
        abort(noAnswer(left));
      } else if (now - Math.max(startedAt, this.#heardAt) > SILENCE) {
        silent = true;
      }
    }
    if ((silent || this.unreachable) && !this.#probing && now > this.#probeAfter) void this.#ask();
  }

  async #ask(): Promise<void> {
    this.#probing = true;
    try {
      await this.#probe();
      this.#unanswered = 0;
      if (this.unreachable) this.#returned();
    } catch {
      this.#unanswered++;
      this.unreachable ||= this.#unanswered >= PROBES;
    }
    this.#probing = false;
    const { answered, unanswered } = PROBE_PAUSE;
    this.#probeAfter = performance.now() + (this.#unanswered > 0 ? unanswered : answered);
  }

  #returned(): void {
    this.unreachable = false;
    this.#unanswered = 0;
    const now = performance.now();
    this.trustedSince = now;
    setTimeout(() => {
      for (const { startedAt, abort } of this.#inFlight) {
        if (startedAt < now) abort(noAnswer(performance.now() - startedAt));
      }
    }, RESUMPTION).unref();
  }
}

function noAnswer(limit: number): Error {
  const seconds = (limit / 1000).toFixed(1);
  return Object.assign(new Error(`the database gave no answer for ${seconds} s`), {
    code: 'ETIMEDOUT',
  });
}
