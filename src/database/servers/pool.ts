import { setTimeout } from 'node:timers/promises';
import { Pool, TimeoutError } from 'tarn';
import { isConnectionLost } from '../errors.ts';
import { ServerConnection } from './connection.ts';
import { LivenessWatch, PROBE_TIMEOUT_MS } from './liveness-watch.ts';
import type { ServerOptions, Wire } from './wire.ts';

/** Extra time for the server, which cancels slow statements by itself, to report that. */
const STATEMENT_GRACE_MS = 2000;
/** Longest wait of a statement for a connection. */
const ACQUIRE_TIMEOUT_MS = 5000;
const CONNECT_TIMEOUT_MS = 5000;
/** Statements that may wait for a connection; more are refused. */
const MAX_WAITING = 5000;
const IDLE_TIMEOUT_MS = 60_000;
const CLOSE_TIMEOUT_MS = 1000;

/** The connections to one server. */
export class ServerPool {
  readonly #options: ServerOptions;
  readonly #wire: (options: ServerOptions) => Wire;
  readonly #watch = new LivenessWatch(() => this.#probe());
  readonly #open = new Set<ServerConnection>();
  readonly #pool: Pool<ServerConnection>;

  constructor(options: ServerOptions, wire: (options: ServerOptions) => Wire) {
    this.#options = options;
    this.#wire = wire;
    this.#pool = new Pool({
      min: 0,
      max: options.poolSize,
      create: () => this.#connect(),
      // tarn awaits it, but its types do not say so.
      validate: ((connection) => connection.isUsable()) as (connection: ServerConnection) => never,
      destroy: (connection) => {
        this.#open.delete(connection);
        connection.end();
      },
      acquireTimeoutMillis: ACQUIRE_TIMEOUT_MS,
      createTimeoutMillis: 2 * CONNECT_TIMEOUT_MS,
      idleTimeoutMillis: IDLE_TIMEOUT_MS,
      propagateCreateError: true,
    });
  }

  async acquire(): Promise<ServerConnection> {
    if (this.#watch.unreachable) throw new Error('the database server cannot be reached');
    if (this.#pool.numPendingAcquires() >= MAX_WAITING) {
      throw new Error('too many statements are waiting for a connection to the database');
    }
    try {
      return await this.#pool.acquire().promise;
    } catch (error) {
      if (error instanceof TimeoutError) throw poolExhausted(error);
      throw error;
    }
  }

  release(connection: ServerConnection): void {
    this.#pool.release(connection);
  }

  /** Closes all connections, those in use after a moment. */
  async close(): Promise<void> {
    const ended = this.#pool.destroy();
    if (!this.#watch.unreachable) {
      await Promise.race([ended, setTimeout(CLOSE_TIMEOUT_MS, undefined, { ref: false })]);
    }
    this.#watch.close();
    for (const connection of this.#open) connection.destroy();
  }

  async #connect(): Promise<ServerConnection> {
    const connection = this.#newConnection();
    this.#open.add(connection);
    try {
      await connection.open(CONNECT_TIMEOUT_MS);
      return connection;
    } catch (error) {
      this.#open.delete(connection);
      connection.destroy();
      throw error;
    }
  }

  /** A server that refuses the connection is alive too. */
  async #probe(): Promise<void> {
    const connection = this.#newConnection();
    try {
      await connection.open(PROBE_TIMEOUT_MS);
    } catch (error) {
      if (isConnectionLost(error)) throw error;
    } finally {
      connection.end();
    }
  }

  #newConnection(): ServerConnection {
    const { timeout } = this.#options;
    const limit = timeout > 0 ? timeout + STATEMENT_GRACE_MS : Number.POSITIVE_INFINITY;
    return new ServerConnection(this.#wire(this.#options), this.#watch, limit);
  }
}

function poolExhausted(cause: Error): Error {
  const message = `no connection to the database was free within ${ACQUIRE_TIMEOUT_MS / 1000} s`;
  return Object.assign(new Error(message, { cause }), { code: 'ETIMEDOUT' });
}
