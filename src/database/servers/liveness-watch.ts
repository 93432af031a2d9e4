/** Pause between two checks of the operations in flight. */
const TICK_MS = 250;
/** Time without any answer after which the server is probed. */
const SILENCE_MS = 1000;
export const PROBE_TIMEOUT_MS = 1000;
/** Pause between two probes, by the outcome of the first. */
const PROBE_PAUSE_MS = { answered: 5000, unanswered: 250 };
/** Unanswered probes in a row after which the server counts as unreachable, and not merely busy. */
const MAX_UNANSWERED = 2;
/** Longest time of an operation while the server is unreachable. */
const UNREACHABLE_TIMEOUT_MS = 5000;
/** Time that operations from before an outage have to finish after it. */
const RESUMPTION_MS = 500;

interface Operation {
  startedAt: number;
  abort(reason: Error): void;
  limit: number;
}

/**
 * Watches the operations in flight on all connections to one server, and ends each at its time limit. While all
 * connections are silent, it probes the server over another connection: operations fail sooner if the server is
 * unreachable, and after an outage if their connections are dead.
 */
export class LivenessWatch {
  unreachable = false;
  /** Connections that were last heard from before this time may be dead. */
  trustedSince = 0;
  readonly #probe: () => Promise<void>;
  readonly #inFlight = new Set<Operation>();
  #heardAt = 0;
  #tickedAt = performance.now();
  #probing = false;
  #probeAfter = 0;
  #unanswered = 0;
  #timer: NodeJS.Timeout | undefined;

  /** @param probe asks the server for a sign of life, with {@link run}, and throws if there is none */
  constructor(probe: () => Promise<void>) {
    this.#probe = probe;
  }

  /** Runs an action that needs an answer of the server; `abort` stops it. */
  run<T>(limit: number, action: () => Promise<T>, abort: () => void): Promise<T> {
    this.#timer ??= setInterval(() => this.#tick(), TICK_MS).unref();
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

  /** Records an answer of the server. */
  heard(): void {
    this.#heardAt = performance.now();
    if (this.unreachable) this.#resume();
  }

  /** Makes all connections count as dead that are not used now. */
  distrust(): void {
    this.trustedSince = performance.now();
  }

  close(): void {
    clearInterval(this.#timer);
    for (const { abort } of this.#inFlight) abort(new Error('the database was closed'));
  }

  #tick(): void {
    const now = performance.now();
    const late = now - this.#tickedAt > 3 * TICK_MS;
    this.#tickedAt = now;
    // The process itself was paused: it first reads the answers that came meanwhile.
    if (late) return;
    let silent = false;
    for (const { startedAt, limit, abort } of this.#inFlight) {
      const left = this.unreachable ? Math.min(limit, UNREACHABLE_TIMEOUT_MS) : limit;
      if (now - startedAt > left) {
        this.trustedSince = Math.max(this.trustedSince, startedAt);
        abort(noAnswer(left));
      } else if (now - Math.max(startedAt, this.#heardAt) > SILENCE_MS) {
        silent = true;
      }
    }
    if ((silent || this.unreachable) && !this.#probing && now > this.#probeAfter)
      void this.#sendProbe();
  }

  async #sendProbe(): Promise<void> {
    this.#probing = true;
    try {
      await this.#probe();
      this.#unanswered = 0;
      if (this.unreachable) this.#resume();
    } catch {
      this.#unanswered++;
      this.unreachable ||= this.#unanswered >= MAX_UNANSWERED;
    }
    this.#probing = false;
    const { answered, unanswered } = PROBE_PAUSE_MS;
    this.#probeAfter = performance.now() + (this.#unanswered > 0 ? unanswered : answered);
  }

  #resume(): void {
    this.unreachable = false;
    this.#unanswered = 0;
    const now = performance.now();
    this.trustedSince = now;
    setTimeout(() => {
      for (const { startedAt, abort } of this.#inFlight) {
        if (startedAt < now) abort(noAnswer(performance.now() - startedAt));
      }
    }, RESUMPTION_MS).unref();
  }
}

function noAnswer(limit: number): Error {
  const seconds = (limit / 1000).toFixed(1);
  return Object.assign(new Error(`the database gave no answer for ${seconds} s`), {
    code: 'ETIMEDOUT',
  });
}
