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
import { facts } from '../telemetry.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** Returns the number of open connections. */
    openConnections(): number;
  }
}

/** The server refuses to start if it could not accept this many connections. */
const MIN_CONNECTIONS = 16;
/** Shortest time between two log lines about refused connections. */
const LOG_INTERVAL_MS = 5000;

/**
 * Limits open connections: in total, so that file descriptors remain for the database and for files, and per
 * client network, so that no client can hold them all. The limit per network does not apply to trusted
 * reverse proxies.
 *
 * Register it after every plugin that listens to connections.
 */
export const connectionsPlugin = fp(
  async (app: FastifyInstance, { config }: { config: Config }) => {
    const limit = connectionLimit(app, config);
    const share = Math.max(1, Math.floor(limit * config.http.maxConnectionShare));
    const trusts = createTrust(config.http.trustProxy);
    const networks = createInFlight(share);
    const logRefusal = createRefusalLog(app, { max_connections: limit, share });
    let open = 0;
    app.decorate('openConnections', () => open);
    filterConnections(app.server, (socket) => {
      if (open >= limit) return logRefusal('MAX_CONNECTIONS');
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

function connectionLimit(app: FastifyInstance, { http, database }: Config): number {
  const descriptors = descriptorLimit();
  const possible = connectionsWithin(descriptors, database.poolSize);
  if (possible < MIN_CONNECTIONS) {
    throw new ConfigError(
      `MAX_CONNECTIONS: the process may open ${descriptors} files at once, which leaves too few for connections; raise the limit (ulimit -n)`,
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

/** Passes a connection on to the server's listeners only if `admit` returns true. */
function filterConnections(server: Server, admit: (socket: Socket) => boolean): void {
  const listeners = server.listeners('connection') as ((socket: Socket) => void)[];
  server.removeAllListeners('connection').on('connection', (socket: Socket) => {
    if (!admit(socket)) return void socket.destroy();
    for (const listener of listeners) Reflect.apply(listener, server, [socket]);
  });
}

/** Returns a function that counts refused connections and logs their number, at most once per interval. */
function createRefusalLog(app: FastifyInstance, limits: Record<string, number>) {
  let refused = 0;
  let timer: NodeJS.Timeout | undefined;
  app.addHook('onClose', async () => clearTimeout(timer));
  return (setting: string, network?: string): false => {
    facts.publish({ type: 'connection_refused', setting });
    refused += 1;
    timer ??= setTimeout(() => {
      app.log.warn({ refused, ...limits, setting, network }, 'connections refused');
      refused = 0;
      timer = undefined;
    }, LOG_INTERVAL_MS).unref();
    return false;
  };
}
