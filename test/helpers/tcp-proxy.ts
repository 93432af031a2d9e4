import { connect, createServer, type Socket } from 'node:net';
import { type Protocol, statementsIn } from './wire-protocols.ts';

/** The moment at which {@link TcpProxy.cutAt} cuts: before the server has received the statement, or after it has executed it. */
export type CutMoment = 'before-forwarding' | 'before-answer';

/**
 * A proxy to a server on this machine that simulates the failures of networks and servers.
 *
 * - `cut`, then `mend`: the server is unreachable for a while.
 * - `hang`, then `mend`: it pauses, as a suspended process does.
 * - `hang`, then `forget` and `mend`: it returns without the earlier connections, and without resetting them, as after a
 *   fail-over. `forget` alone leaves dead connections to a healthy server.
 * - `slow`: each chunk is delayed, in both directions.
 * - `cutAt`: one connection breaks at one statement.
 */
export interface TcpProxy {
  port: number;
  /** Number of open connections. */
  readonly connections: number;
  /** Breaks all connections and refuses new ones. */
  cut(): Promise<void>;
  /** Breaks all connections; new ones work. */
  breakConnections(): void;
  /** Accepts connections, and holds back the data of all connections, in both directions. */
  hang(): void;
  /** Silences the open connections for ever without closing them; new ones work. */
  forget(): void;
  /** Delays each chunk by these milliseconds. */
  slow(delay: number): void;
  /** Ends `cut`, `hang` and `slow`, and forwards the data that was held back. */
  mend(): Promise<void>;
  /**
   * Breaks connections at the next statements that begin like this (in any case): `times` of them (1),
   * after `skip` (0) that pass. Resolves when all of them came. Needs the protocol, without TLS.
   */
  cutAt(
    statement: string,
    moment: CutMoment,
    options?: { times?: number; skip?: number },
  ): Promise<void>;
  close(): Promise<void>;
}

interface Trap {
  statement: string;
  moment: CutMoment;
  skip: number;
  left: number;
  sprung(): void;
}

/** The state that all connections of a proxy share. */
interface Weather {
  hanging: boolean;
  delay: number;
  traps: Set<Trap>;
}

export async function startTcpProxy(
  host: string,
  targetPort: number,
  protocol?: Protocol,
): Promise<TcpProxy> {
  const wires = new Set<Wire>();
  const weather: Weather = { hanging: false, delay: 0, traps: new Set() };
  const server = createServer((socket) => {
    const wire = new Wire(socket, connect(targetPort, host), weather, protocol);
    wires.add(wire);
    wire.whenClosed(() => wires.delete(wire));
  });
  const listen = (port: number) =>
    new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  await listen(0);
  const { port } = server.address() as { port: number };
  const breakConnections = () => {
    for (const wire of wires) wire.destroy();
  };
  const cut = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      breakConnections();
    });
  return {
    port,
    get connections() {
      return wires.size;
    },
    cut,
    breakConnections,
    hang() {
      weather.hanging = true;
    },
    forget() {
      for (const wire of wires) wire.forget();
    },
    slow(delay) {
      weather.delay = delay;
    },
    async mend() {
      weather.hanging = false;
      weather.delay = 0;
      for (const wire of wires) wire.flush();
      if (!server.listening) await listen(port);
    },
    cutAt(statement, moment, { times = 1, skip = 0 } = {}) {
      if (!protocol) throw new Error('cutAt needs the protocol of startTcpProxy');
      return new Promise((sprung) => {
        const start = statement.toLowerCase();
        weather.traps.add({ statement: start, moment, skip, left: times, sprung });
      });
    },
    close: () => (server.listening ? cut() : Promise.resolve()),
  };
}

/** One connection through a proxy. */
class Wire {
  readonly #ends: [client: Socket, server: Socket];
  readonly #weather: Weather;
  /** Chunks in the order of arrival, each with the earliest time to forward it. */
  readonly #arrived: { from: number; action: () => void }[] = [];
  readonly #statements: ((bytes: Buffer) => string[]) | undefined;
  #forgotten = false;
  #cutBeforeAnswer = false;

  constructor(client: Socket, server: Socket, weather: Weather, protocol?: Protocol) {
    this.#ends = [client, server];
    this.#weather = weather;
    this.#statements = protocol && statementsIn(protocol);
    client.on('data', (bytes) => this.#pass(() => this.#toServer(bytes as Buffer)));
    server.on('data', (bytes) => this.#pass(() => this.#toClient(bytes as Buffer)));
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      one.setNoDelay(true);
      one.on('end', () => this.#pass(() => other.end()));
      one.on('error', () => this.#pass(() => this.destroy()));
      one.on('close', () => this.#pass(() => other.destroy()));
    }
  }

  whenClosed(listener: () => void): void {
    this.#ends[0].on('close', listener);
  }

  destroy(): void {
    for (const end of this.#ends) end.destroy();
  }

  forget(): void {
    this.#forgotten = true;
    // The server would otherwise go on with what it was doing and keep its locks.
    this.#ends[1].destroy();
  }

  /** Forwards the chunks that are due, in order, and schedules itself for the rest. */
  flush(): void {
    while (!this.#forgotten && !this.#weather.hanging && this.#arrived.length > 0) {
      const wait = this.#arrived[0]!.from - Date.now();
      if (wait > 0 && this.#weather.delay > 0) {
        setTimeout(() => this.flush(), wait).unref();
        return;
      }
      this.#arrived.shift()!.action();
    }
  }

  #pass(action: () => void): void {
    this.#arrived.push({ from: Date.now() + this.#weather.delay, action });
    this.flush();
  }

  #toServer(bytes: Buffer): void {
    for (const statement of this.#statements?.(bytes) ?? []) {
      const trap = this.#spring(statement.toLowerCase());
      if (trap?.moment === 'before-forwarding') {
        this.destroy();
        return;
      }
      if (trap) this.#cutBeforeAnswer = true;
    }
    if (!this.#ends[1].destroyed) this.#ends[1].write(bytes);
  }

  #toClient(bytes: Buffer): void {
    if (this.#cutBeforeAnswer) this.destroy();
    else if (!this.#ends[0].destroyed) this.#ends[0].write(bytes);
  }

  #spring(statement: string): Trap | undefined {
    for (const trap of this.#weather.traps) {
      if (!statement.startsWith(trap.statement)) continue;
      if (trap.skip > 0) {
        trap.skip -= 1;
        continue;
      }
      trap.left -= 1;
      if (trap.left === 0) {
        this.#weather.traps.delete(trap);
        trap.sprung();
      }
      return trap;
    }
    return undefined;
  }
}
