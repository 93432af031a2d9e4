import { connect, createServer, type Socket } from 'node:net';
import { type Protocol, statementsIn } from './wire-protocols.ts';

/** The moment at which {@link TcpProxy.cutAt} cuts: the server has not seen the statement, or has done it. */
export type CutMoment = 'before-forwarding' | 'before-answer';

/**
 * A wire to a server on this machine that breaks in every way that wires break.
 *
 * - `cut`, then `mend`: the server is gone, and comes back.
 * - `hang`, then `mend`: it stops and goes on where it was, as a process that was suspended.
 * - `hang`, then `forget` and `mend`: it comes back, but knows nothing of the connections there were, and
 *   does not say so, as behind a fail-over. `forget` alone leaves dead connections and a server that is well.
 * - `slow`: each piece of data takes so long, in each direction.
 * - `cutAt`: one connection breaks at one statement.
 */
export interface TcpProxy {
  port: number;
  /** How many connections there are. */
  readonly connections: number;
  /** Breaks all connections and refuses new ones. */
  cut(): Promise<void>;
  /** Breaks all connections; new ones work. */
  breakConnections(): void;
  /** Accepts connections, and keeps what arrives on them and on those there are, in both directions. */
  hang(): void;
  /** Makes the connections there are silent for ever, without closing them; new ones work. */
  forget(): void;
  /** Delays each piece of data, in milliseconds. */
  slow(delay: number): void;
  /** Ends `cut`, `hang` and `slow`; what was kept is passed on. */
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

/** What all wires of a proxy share. */
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
  /** In the order of arrival, each with the time from which it may go on. */
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

  /** Does what is due, in order, and comes back for the rest. */
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
