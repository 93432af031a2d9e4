import type { CompiledQuery, DatabaseConnection, QueryResult } from 'kysely';
import { DatabaseUnavailable, isLost } from '../errors.ts';
import { PROBE_LIMIT, type Watch } from './liveness-watch.ts';
import type { Wire } from './wire.ts';

/** How long a connection may have been idle to be used without asking whether it still works, in milliseconds. */
const FRESH = 500;
/** How long a goodbye may take, in milliseconds. */
const GOODBYE = 1000;

/** A connection to a server, on which every statement has a limit; one that misses it ends the connection. */
export class ServerConnection implements DatabaseConnection {
  lost = false;
  #heardAt = 0;
  readonly #wire: Wire;
  readonly #watch: Watch;
  readonly #limit: number;

  constructor(wire: Wire, watch: Watch, limit: number) {
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

  /** Whether the connection can be used, as far as anyone can know beforehand. */
  async isUsable(): Promise<boolean> {
    if (this.lost || this.#heardAt < this.#watch.trustedSince) return false;
    if (performance.now() - this.#heardAt < FRESH) return true;
    const ping = this.#run(PROBE_LIMIT, () => this.#wire.query('select 1', []));
    return ping.then(
      () => true,
      () => false,
    );
  }

  // biome-ignore lint/correctness/useYield: there is nothing to yield
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('statements are not streamed here: select by pages');
  }

  end(): void {
    if (!this.lost) this.#wire.end();
    // A server that is silent does not close its side.
    setTimeout(() => this.#wire.destroy(), this.lost ? 0 : GOODBYE).unref();
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
      if (isLost(error)) this.destroy();
      else this.#heard();
      throw error;
    }
  }

  #heard(): void {
    this.#heardAt = performance.now();
    this.#watch.heard();
  }
}
