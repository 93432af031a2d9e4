import type { CompiledQuery, DatabaseConnection, QueryResult, TransactionSettings } from 'kysely';
import { DatabaseUnavailable, isConnectionLost, isNotWritable } from '../errors.ts';
import { type LivenessWatch, PROBE_TIMEOUT_MS } from './liveness-watch.ts';
import type { Wire } from './wire.ts';

/** A connection that has been idle for longer is checked before it is used. */
const CHECK_AFTER_IDLE_MS = 500;
const CLOSE_TIMEOUT_MS = 1000;

/** A connection to a server. A statement that exceeds its time limit ends the connection. */
export class ServerConnection implements DatabaseConnection {
  lost = false;
  #heardAt = 0;
  readonly #wire: Wire;
  readonly #watch: LivenessWatch;
  readonly #limit: number;

  constructor(wire: Wire, watch: LivenessWatch, limit: number) {
    this.#wire = wire;
    this.#watch = watch;
    this.#limit = limit;
    wire.onLost(() => {
      this.lost = true;
    });
  }

  open(limit: number): Promise<void> {
    return this.#run(limit, () => this.#wire.open());
  }

  executeQuery<R>({ sql, parameters }: Pick<CompiledQuery, 'sql' | 'parameters'>) {
    return this.#run(this.#limit, () => this.#wire.query<R>(sql, parameters));
  }

  beginStatements(settings: TransactionSettings): string[] {
    return this.#wire.begin(settings);
  }

  /** Tells whether the connection works, as far as that can be known beforehand. */
  async isUsable(): Promise<boolean> {
    if (this.lost || this.#heardAt < this.#watch.trustedSince) return false;
    if (performance.now() - this.#heardAt < CHECK_AFTER_IDLE_MS) return true;
    const ping = this.#run(PROBE_TIMEOUT_MS, () => this.#wire.check());
    return ping.then(
      () => true,
      () => false,
    );
  }

  // biome-ignore lint/correctness/useYield: there is nothing to yield
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('statements cannot be streamed; select by pages');
  }

  end(): void {
    if (!this.lost) this.#wire.end();
    // A silent server does not close its side.
    setTimeout(() => this.#wire.destroy(), this.lost ? 0 : CLOSE_TIMEOUT_MS).unref();
    this.lost = true;
  }

  destroy(): void {
    this.lost = true;
    this.#wire.destroy();
  }

  async #run<T>(limit: number, action: () => Promise<T>): Promise<T> {
    if (this.lost) throw new DatabaseUnavailable(new Error('the connection was lost before'));
    try {
      const result = await this.#watch.run(limit, action, () => this.destroy());
      this.#heard();
      return result;
    } catch (error) {
      if (isConnectionLost(error)) this.destroy();
      else this.#heard();
      if (isNotWritable(error)) {
        // Another host may have taken over: no connection to this one is of use before it was checked anew.
        this.#watch.distrust();
        this.destroy();
      }
      throw error;
    }
  }

  #heard(): void {
    this.#heardAt = performance.now();
    this.#watch.heard();
  }
}
