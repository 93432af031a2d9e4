import { isConnectionLost } from '../errors.ts';
import { ServerConnection } from './connection.ts';
import { LivenessWatch, PROBE_TIMEOUT_MS } from './liveness-watch.ts';
import type { Wire } from './wire.ts';

/** Extra time for the server, which cancels slow statements by itself, to report that. */
const STATEMENT_GRACE_MS = 2000;

/** One server, and whether it can be reached. */
export class ServerHost {
  readonly name: string;
  readonly watch = new LivenessWatch(() => this.#probe());
  readonly #wire: () => Wire;
  readonly #limit: number;

  /** @param timeout longest time of a statement, in milliseconds; 0 is no limit */
  constructor(name: string, wire: () => Wire, timeout: number) {
    this.name = name;
    this.#wire = wire;
    this.#limit = timeout > 0 ? timeout + STATEMENT_GRACE_MS : Number.POSITIVE_INFINITY;
  }

  async connect(timeout: number): Promise<ServerConnection> {
    const connection = new ServerConnection(this.#wire(), this.watch, this.#limit);
    try {
      await connection.open(timeout);
      return connection;
    } catch (error) {
      connection.destroy();
      throw error;
    }
  }

  /** Asks for a sign of life. A server that refuses the connection is alive too. */
  async #probe(): Promise<void> {
    try {
      (await this.connect(PROBE_TIMEOUT_MS)).end();
    } catch (error) {
      if (isConnectionLost(error)) throw error;
    }
  }
}
