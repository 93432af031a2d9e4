import { setTimeout } from 'node:timers/promises';
import { Pool, TimeoutError } from 'tarn';
import { isLost } from '../errors.ts';
import { ServerConnection } from './connection.ts';
import { PROBE_LIMIT, Watch } from './liveness-watch.ts';
import type { ServerOptions, Wire } from './wire.ts';

/** How much longer than the server, which cancels what takes too long, the client waits for it to say so. */
const GRACE = 2000;
/** How long a statement waits for a connection, in milliseconds. */
const ACQUIRE_TIMEOUT = 5000;
const CONNECT_TIMEOUT = 5000;
/** Statements that wait for a connection; more are refused. */
const QUEUE_LIMIT = 5000;
const IDLE_TIMEOUT = 60_000;
/** How long the goodbyes may take at the end, in milliseconds. */
const CLOSE_TIMEOUT = 1000;

/** The connections to one server. */
export class ServerPool {
  readonly #options: ServerOptions;
  readonly #wire: (options: ServerOptions) => Wire;
  readonly #watch = new Watch(() => this.#probe());
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
      acquireTimeoutMillis: ACQUIRE_TIMEOUT,
      createTimeoutMillis: 2 * CONNECT_TIMEOUT,
      idleTimeoutMillis: IDLE_TIMEOUT,
      propagateCreateError: true,
    });
  }

  async acquire(): Promise<ServerConnection> {
    if (this.#watch.unreachable) throw new Error('the database server cannot be reached');
    if (this.#pool.numPendingAcquires() >= QUEUE_LIMIT) {
      throw new Error('too many statements are waiting for a connection to the database');
    }
    try {
      return await this.#pool.acquire().promise;
    } catch (error) {
      if (error instanceof TimeoutError) throw noneFree(error);
      throw error;
    }
  }

  release(connection: ServerConnection): void {
    this.#pool.release(connection);
  }

  /** Ends all connections, those that are in use after a moment. */
  async close(): Promise<void> {
    const ended = this.#pool.destroy();
    if (!this.#watch.unreachable) {
      await Promise.race([ended, setTimeout(CLOSE_TIMEOUT, undefined, { ref: false })]);
    }
    this.#watch.close();
    for (const connection of this.#open) connection.destroy();
  }

  async #connect(): Promise<ServerConnection> {
    const connection = this.#newConnection();
    this.#open.add(connection);
    try {
      await connection.open(CONNECT_TIMEOUT);
      return connection;
    } catch (error) {
      this.#open.delete(connection);
      connection.destroy();
      throw error;
    }
  }

  /** A server that refuses the connection is there, too. */
  async #probe(): Promise<void> {
    const connection = this.#newConnection();
    try {
      await connection.open(PROBE_LIMIT);
    } catch (error) {
      if (isLost(error)) throw error;
    } finally {
      connection.end();
    }
  }

  #newConnection(): ServerConnection {
    const { timeout } = this.#options;
    const limit = timeout > 0 ? timeout + GRACE : Number.POSITIVE_INFINITY;
    return new ServerConnection(this.#wire(this.#options), this.#watch, limit);
  }
}

function noneFree(cause: Error): Error {
  const message = `no connection to the database was free within ${ACQUIRE_TIMEOUT / 1000} s`;
  return Object.assign(new Error(message, { cause }), { code: 'ETIMEDOUT' });
}
