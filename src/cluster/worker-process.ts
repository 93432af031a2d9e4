import cluster, { type Worker } from 'node:cluster';
import type { WorkerEnd } from '../telemetry.ts';
import type { Order, Report } from './messages.ts';

/** The end of a process: its exit code, or the signal that killed it. */
export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** A worker, as the primary sees it. */
export class WorkerProcess {
  readonly id: number;
  readonly pid: number | undefined;
  readonly startedAt = performance.now();
  /** Fulfilled with true once it listens, or with false if it ends before. */
  readonly ready: Promise<boolean>;
  /** Fulfilled when it begins to end by itself, or has ended. */
  readonly leaving: Promise<void>;
  readonly ended: Promise<Exit>;
  /** The reason of its end, now or later: `died` unless it gets an order, or hangs. */
  endReason: WorkerEnd = 'died';
  readonly #worker: Worker;
  #isReady = false;

  constructor() {
    this.#worker = cluster.fork();
    this.id = this.#worker.id;
    this.pid = this.#worker.process.pid;
    this.ended = new Promise((resolve) => {
      this.#worker.once('exit', (code: number | null, signal: NodeJS.Signals | null) =>
        resolve({ code, signal }),
      );
    });
    const isReady = this.#reported('ready').then(() => {
      this.#isReady = true;
      return true;
    });
    this.ready = Promise.race([isReady, this.ended.then(() => false)]);
    this.leaving = Promise.race([this.#reported('leaving'), this.ended.then(() => undefined)]);
    // A message to a worker that has just ended.
    this.#worker.on('error', () => undefined);
  }

  /** Gives an order, kills the worker if it has not ended within `limit` milliseconds, and returns its exit code. */
  async end(order: Order, limit: number): Promise<number | null> {
    this.endReason = 'retire' in order ? 'replaced' : 'stopped';
    if (!this.#isReady) {
      this.#worker.process.kill('SIGTERM');
      await this.ended;
      return 0;
    }
    const timer = setTimeout(() => this.kill(), limit);
    this.#worker.send(order);
    const { code } = await this.ended;
    clearTimeout(timer);
    return code;
  }

  get isReady(): boolean {
    return this.#isReady;
  }

  ping(): void {
    this.#worker.send({ ping: true } satisfies Order);
  }

  onPong(listener: () => void): void {
    this.#worker.on('message', (report: Report) => {
      if (report === 'pong') listener();
    });
  }

  killHung(): void {
    if (this.endReason === 'died') this.endReason = 'hung';
    this.kill();
  }

  kill(): void {
    this.#worker.process.kill('SIGKILL');
  }

  #reported(awaited: Report): Promise<void> {
    return new Promise((resolve) => {
      this.#worker.on('message', (report: Report) => {
        if (report === awaited) resolve();
      });
    });
  }
}
