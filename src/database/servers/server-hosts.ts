import type { ServerConnection } from './connection.ts';
import { firstFulfilled } from './first-fulfilled.ts';
import { hostsOf } from './hosts.ts';
import { ServerHost } from './server-host.ts';
import type { ServerOptions, WireFactory } from './wire.ts';

const CONNECT_TIMEOUT_MS = 5000;
/** Longest time to connect to one of several hosts. */
const CONNECT_TO_ONE_TIMEOUT_MS = 2000;
/** Time after which the next host is tried too. */
const HEAD_START_MS = 500;

/** The hosts that DATABASE_URL names. All but one may be down, or accept no writes. */
export class ServerHosts {
  readonly #hosts: ServerHost[];
  /** The host of the latest connection. */
  #current: ServerHost;

  constructor({ url, timeout }: ServerOptions, wire: WireFactory) {
    const hosts = hostsOf(url);
    const mustWrite = hosts.length > 1 || url.includes('target_session_attrs=');
    this.#hosts = hosts.map(
      (host) => new ServerHost(host.name, wire({ url: host.url, timeout, mustWrite }), timeout),
    );
    this.#current = this.#hosts[0]!;
  }

  get unreachable(): boolean {
    return this.#hosts.every(({ watch }) => watch.unreachable);
  }

  /** Connects to a host that accepts writes: the current one if possible, or else the first in the order of the URL. */
  async connect(): Promise<ServerConnection> {
    if (this.#hosts.length === 1) return this.#current.connect(CONNECT_TIMEOUT_MS);
    const hosts = this.#hosts
      .filter(({ watch }) => !watch.unreachable)
      .toSorted((one, other) => this.#rank(one) - this.#rank(other));
    const { value, index } = await firstFulfilled(
      hosts.map((host) => () => host.connect(CONNECT_TO_ONE_TIMEOUT_MS)),
      { headStartMs: HEAD_START_MS, dispose: (connection) => connection.end() },
    ).catch((errors: Error[]) => {
      throw this.#noneWritable(new Map(hosts.map((host, index) => [host, errors[index]!])));
    });
    this.#moveTo(hosts[index]!);
    return value;
  }

  close(): void {
    for (const { watch } of this.#hosts) watch.close();
  }

  #rank(host: ServerHost): number {
    return host === this.#current ? -1 : this.#hosts.indexOf(host);
  }

  #moveTo(host: ServerHost): void {
    if (host === this.#current) return;
    this.#current.watch.distrust();
    this.#current = host;
  }

  /** @param errors by the hosts that were tried */
  #noneWritable(errors: Map<ServerHost, Error>): Error {
    const reasons = this.#hosts.map(
      (host) => `${host.name} (${errors.get(host)?.message ?? 'gives no answer'})`,
    );
    return new Error(`no host accepts writes: ${reasons.join(', ')}`);
  }
}
