import { setTimeout } from 'node:timers/promises';
import { Pool, TimeoutError } from 'tarn';
import type { ServerConnection } from './connection.ts';
import { ServerHosts } from './server-hosts.ts';
import type { ServerOptions, WireFactory } from './wire.ts';

/** Longest wait of a statement for a connection. */
const ACQUIRE_TIMEOUT_MS = 5000;
const CREATE_TIMEOUT_MS = 10_000;
/** Statements that may wait for a connection; more are refused. */
const MAX_WAITING = 5000;
const IDLE_TIMEOUT_MS = 60_000;
const CLOSE_TIMEOUT_MS = 1000;

/** The connections to the servers of one database. */
export class ServerPool {
  readonly #hosts: ServerHosts;
  readonly #open = new Set<ServerConnection>();
  readonly #pool: Pool<ServerConnection>;

  constructor(options: ServerOptions, wire: WireFactory) {
    this.#hosts = new ServerHosts(options, wire);
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
      createTimeoutMillis: CREATE_TIMEOUT_MS,
      idleTimeoutMillis: IDLE_TIMEOUT_MS,
      propagateCreateError: true,
    });
  }

  async acquire(): Promise<ServerConnection> {
    if (this.#hosts.unreachable) throw new Error('the database server cannot be reached');
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

  /** Number of open connections. */
  get size(): number {
    return this.#open.size;
  }

  /** Closes all connections, those in use after a moment. */
  async close(): Promise<void> {
    const ended = this.#pool.destroy();
    if (!this.#hosts.unreachable) {
      await Promise.race([ended, setTimeout(CLOSE_TIMEOUT_MS, undefined, { ref: false })]);
    }
    this.#hosts.close();
    for (const connection of this.#open) connection.destroy();
  }

  async #connect(): Promise<ServerConnection> {
    const connection = await this.#hosts.connect();
    this.#open.add(connection);
    return connection;
  }
}

function poolExhausted(cause: Error): Error {
  const message = `no connection to the database was free within ${ACQUIRE_TIMEOUT_MS / 1000} s`;
  return Object.assign(new Error(message, { cause }), { code: 'ETIMEDOUT' });
}
