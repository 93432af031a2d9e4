import type { DatabaseConnection, QueryResult, TransactionSettings } from 'kysely';
import { DatabaseUnavailable, isConnectionLost, isNotWritable } from '../errors.ts';
import { type LivenessWatch, PROBE_TIMEOUT_MS } from './liveness-watch.ts';
import { type Statement, Unsendable, type Wire } from './wire.ts';

/** A connection that has been idle for longer is checked before it is used. */
const CHECK_AFTER_IDLE_MS = 500;
const CLOSE_TIMEOUT_MS = 1000;

/** A connection to a server. A statement that exceeds its time limit ends the connection. */
export class ServerConnection implements DatabaseConnection {
  lost = false;
  #heardAt = 0;
  /** Statements that begin a transaction which has run none yet. */
  #toBegin: readonly Statement[] = [];
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

  async executeQuery<R>(statement: Statement): Promise<QueryResult<R>> {
    const [result] = await this.executeAll([statement]);
    return result as QueryResult<R>;
  }

  /** Runs statements in their order, in one round trip if the driver can, and none behind one that fails. */
  async executeAll(statements: readonly Statement[]): Promise<QueryResult<unknown>[]> {
    const first = this.#toBegin;
    this.#toBegin = [];
    try {
      return (await this.#runEach([...first, ...statements])).slice(first.length);
    } catch (error) {
      if (error instanceof Unsendable) this.#toBegin = first;
      throw error;
    }
  }

  /** Runs statements, each within the time limit, or all in one round trip within it. */
  async #runEach(statements: readonly Statement[]): Promise<QueryResult<unknown>[]> {
    if (this.#wire.batches) return this.#run(this.#limit, () => this.#wire.run(statements));
    const results: QueryResult<unknown>[] = [];
    for (const statement of statements) {
      results.push(...(await this.#run(this.#limit, () => this.#wire.run([statement]))));
    }
    return results;
  }

  /** Begins a transaction together with its first statement, which saves a round trip. */
  beginTransaction(settings: TransactionSettings): void {
    this.#toBegin = this.#wire.begin(settings).map(toStatement);
  }

  async endTransaction(statement: 'commit' | 'rollback'): Promise<void> {
    const hasBegun = this.#toBegin.length === 0;
    this.#toBegin = [];
    if (hasBegun) await this.executeAll([toStatement(statement)]);
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

const toStatement = (sql: string): Statement => ({ sql, parameters: [] });
