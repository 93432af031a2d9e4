import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import type { Config } from '../config.ts';
import { ConfigError } from '../config-error.ts';
import { connectionsWithin, descriptorLimit } from '../file-descriptors.ts';
import { networkOf } from '../http/client-network.ts';
import { createInFlight } from '../http/in-flight.ts';
import { createTrust } from '../http/trusted-proxies.ts';

/** Fewest connections that a server is worth starting for. */
const FEWEST = 16;
/** Shortest time between two lines of the log about refused connections, in milliseconds. */
const LOG_INTERVAL = 5000;

/**
 * Bounds the open connections: all of them, so that descriptors are left for the database and for files,
 * and those of each network, so that one client cannot hold them all. Reverse proxies have no share.
 *
 * Register it after every plugin that listens to connections.
 */
export const connectionsPlugin = fp(
  async (app: FastifyInstance, { config }: { config: Config }) => {
    const most = mostConnections(app, config);
    const share = Math.max(1, Math.floor(most * config.http.maxConnectionShare));
    const trusts = createTrust(config.http.trustProxy);
    const networks = createInFlight(share);
    const logRefusal = createRefusalLog(app, { most, share });
    let open = 0;
    gate(app.server, (socket) => {
      if (open >= most) return logRefusal('MAX_CONNECTIONS');
      const network = trusts(socket.remoteAddress) ? '' : networkOf(socket.remoteAddress ?? '');
      if (network && !networks.enter(network)) return logRefusal('MAX_CONNECTION_SHARE', network);
      open += 1;
      socket.once('close', () => {
        open -= 1;
        if (network) networks.leave(network);
      });
      return true;
    });
  },
  { name: 'connections', dependencies: ['isolation', 'shutdown'] },
);

function mostConnections(app: FastifyInstance, { http, database }: Config): number {
  const descriptors = descriptorLimit();
  const possible = connectionsWithin(descriptors, database.poolSize);
  if (possible < FEWEST) {
    throw new ConfigError(
      `MAX_CONNECTIONS: the process may open ${descriptors} files at once, which leaves none for connections; raise the limit (ulimit -n)`,
    );
  }
  if (possible < http.maxConnections) {
    app.log.warn(
      { descriptors, max_connections: possible },
      'the limit of open files (ulimit -n) leaves room for fewer connections than MAX_CONNECTIONS',
    );
  }
  return Math.min(possible, http.maxConnections);
}

/** Lets the listeners of a server see only the connections that `admit` lets in. */
function gate(server: Server, admit: (socket: Socket) => boolean): void {
  const listeners = server.listeners('connection') as ((socket: Socket) => void)[];
  server.removeAllListeners('connection').on('connection', (socket: Socket) => {
    if (!admit(socket)) return void socket.destroy();
    for (const listener of listeners) Reflect.apply(listener, server, [socket]);
  });
}

/** Counts refused connections and logs how many there were, at most once in a while. */
function createRefusalLog(app: FastifyInstance, limits: { most: number; share: number }) {
  let refused = 0;
  let timer: NodeJS.Timeout | undefined;
  app.addHook('onClose', async () => clearTimeout(timer));
  return (limit: string, network?: string): false => {
    refused += 1;
    timer ??= setTimeout(() => {
      app.log.warn({ refused, ...limits, limit, network }, 'connections refused');
      refused = 0;
      timer = undefined;
    }, LOG_INTERVAL).unref();
    return false;
  };
}
