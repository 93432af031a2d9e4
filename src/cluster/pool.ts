import { setTimeout } from 'node:timers/promises';
import type { Logger } from 'pino';
import { facts } from '../telemetry.ts';
import { watch } from './watch.ts';
import { type Exit, WorkerProcess } from './worker-process.ts';

/** Time in which a worker that ended by itself, on its own time limit, has exited. */
const EXIT_MS = 2000;
const FIRST_PAUSE_MS = 200;
const MAX_PAUSE_MS = 30_000;
/** A worker that lived for this long has not failed at its start. */
const HEALTHY_MS = 60_000;
/** Starts that fail one after the other, while no worker serves, before the server gives up. */
const MAX_FAILED_STARTS = 5;

interface PoolOptions {
  size: number;
  log: Logger;
  http: { shutdownDelay: number; shutdownTimeout: number; keepAliveTimeout: number };
}

/** Keeps a number of workers running. */
export class Pool {
  readonly #options: PoolOptions;
  readonly #all = new Set<WorkerProcess>();
  /** Workers that listen, and have not been told to end. */
  readonly #serving = new Set<WorkerProcess>();
  readonly #launches = new Set<Promise<boolean>>();
  readonly #pauses = createPauses();
  /** Starts that have failed since one succeeded. */
  #failedStarts = 0;
  #started: Promise<boolean> | undefined;
  #isEnding = false;
  #replacement: Promise<void> | undefined;
  #isReplacementDue = false;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  /** Starts all workers: one first, which migrates the database and makes keys. Returns false if it cannot start. */
  start(): Promise<boolean> {
    this.#started = this.#startAll();
    return this.#started;
  }

  async #startAll(): Promise<boolean> {
    if (!(await this.#launch())) return false;
    const others = Array.from({ length: this.#options.size - 1 }, async () => {
      if (!(await this.#launch())) await this.#restore();
    });
    await Promise.all(others);
    return true;
  }

  /**
   * Replaces the workers one by one: an old one ends once a new one listens. A call during a replacement begins another
   * one after it. If a new worker cannot start, the old ones stay.
   */
  replace(): void {
    this.#isReplacementDue = true;
    this.#replacement ??= this.#replaceWhileDue().finally(() => {
      this.#replacement = undefined;
    });
  }

  /** Ends all workers as after a signal. Returns true if each has finished its requests. */
  async end(signal: NodeJS.Signals): Promise<boolean> {
    this.#isEnding = true;
    const { shutdownDelay, shutdownTimeout } = this.#options.http;
    const limit = (signal === 'SIGTERM' ? shutdownDelay : 0) + shutdownTimeout + EXIT_MS;
    const ends = [...this.#all].map((worker) => worker.end({ end: signal }, limit));
    return (await Promise.all(ends)).every((code) => code === 0);
  }

  kill(): void {
    for (const worker of this.#all) worker.kill();
  }

  /** Starts a worker. Returns false if it ends before it listens. */
  async #launch(): Promise<boolean> {
    const launch = this.#startWorker();
    this.#launches.add(launch);
    const isReady = await launch;
    this.#launches.delete(launch);
    this.#failedStarts = isReady ? 0 : this.#failedStarts + 1;
    return isReady;
  }

  async #startWorker(): Promise<boolean> {
    const worker = new WorkerProcess();
    this.#all.add(worker);
    void worker.ended.then((exit) => this.#onEnd(worker, exit));
    if (!(await worker.ready)) return false;
    const { id, pid } = worker;
    this.#options.log.info({ worker: id, pid }, 'a worker listens');
    watch(worker, this.#options.log);
    this.#serving.add(worker);
    void worker.leaving.then(() => this.#onLeaving(worker));
    return true;
  }

  #onEnd(worker: WorkerProcess, { code, signal }: Exit): void {
    const { id, pid, endReason, isReady } = worker;
    this.#all.delete(worker);
    facts.publish({ type: 'worker_end', reason: endReason });
    const end = { worker: id, pid, code, signal };
    // One that has not listened has said why, and is reported by whatever started it.
    if (endReason === 'replaced' || endReason === 'stopped')
      this.#options.log.info(end, 'a worker has ended');
    else if (isReady && !this.#isEnding)
      this.#options.log.error(end, 'a worker has ended; another one is started');
  }

  #onLeaving(worker: WorkerProcess): void {
    if (!this.#serving.delete(worker) || this.#isEnding) return;
    if (performance.now() - worker.startedAt >= HEALTHY_MS) this.#pauses.reset();
    void this.#restore();
  }

  /** Starts a worker in place of one that is missing, with growing pauses. */
  async #restore(): Promise<void> {
    for (;;) {
      await setTimeout(this.#pauses.next());
      // One that starts in a replacement takes the place of whichever is missing.
      if (this.#isEnding || this.#serving.size + this.#launches.size >= this.#options.size) return;
      if (await this.#launch()) return;
      if (this.#isEnding) return;
      const isHopeless = this.#serving.size + this.#launches.size === 0;
      if (isHopeless && this.#failedStarts >= MAX_FAILED_STARTS) {
        this.#options.log.fatal('no worker can start');
        process.exit(1);
      }
    }
  }

  async #replaceWhileDue(): Promise<void> {
    await this.#started;
    while (this.#isReplacementDue && !this.#isEnding) {
      this.#isReplacementDue = false;
      await this.#replaceAll();
    }
  }

  async #replaceAll(): Promise<void> {
    const { log, http } = this.#options;
    const limit = http.keepAliveTimeout + http.shutdownTimeout + EXIT_MS;
    log.info('replacing the workers');
    // Workers that are starting may have read the old program.
    await Promise.all(this.#launches);
    for (const old of [...this.#serving]) {
      if (!(await this.#launch())) {
        if (this.#isEnding) return;
        log.error('a new worker cannot start; the old ones stay');
        // An old one may have died meanwhile.
        return void this.#restore();
      }
      if (this.#isEnding) return;
      if (this.#serving.delete(old)) await old.end({ retire: true }, limit);
    }
    log.info('the workers are replaced');
  }
}

/** Returns pauses in milliseconds: none at first, then longer ones. */
function createPauses() {
  let pause = 0;
  return {
    next(): number {
      const now = pause;
      pause = Math.min(Math.max(pause * 2, FIRST_PAUSE_MS), MAX_PAUSE_MS);
      return now;
    },
    reset(): void {
      pause = 0;
    },
  };
}
