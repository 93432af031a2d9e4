import cluster from 'node:cluster';
import { createServer, Server } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { obeyPrimary } from './cluster/worker.ts';
import type { Config } from './config.ts';
import { END_SIGNALS, onSignals } from './end-signals.ts';
import { createEnding, type Ending } from './ending.ts';
import { endRequestOf } from './plugins/isolation.ts';

/**
 * Listens until a signal, an order of the primary or an error outside of any request, then closes the app and ends the
 * process.
 *
 * @throws {Error} why the app cannot listen, after closing it
 */
export async function serve(app: FastifyInstance, { http }: Config): Promise<void> {
  const listeners: Server[] = [app.server];
  const ending = createEnding(app, () => listeners.forEach(stopAccepting), http);
  endOnSignals(app, ending);
  endOnErrors(app, ending);
  const listenTextResolver = (address: string) => `Tally listens on ${address}`;
  const { host, port } = http;
  if (host === 'localhost') listeners.push(listenAlsoOn(app, { host: '::1', port }));
  try {
    await app.listen({ host: host === 'localhost' ? '127.0.0.1' : host, port, listenTextResolver });
  } catch (error) {
    await app.close();
    throw error;
  }
  obeyPrimary(ending);
}

function endOnSignals(app: FastifyInstance, ending: Ending): void {
  const end = (signal: NodeJS.Signals) => void ending.end(signal);
  if (cluster.isWorker) {
    // A terminal sends its signals to the workers too; the primary decides what the second one means.
    onSignals(END_SIGNALS, end, end);
    process.on('SIGHUP', () => undefined);
    return;
  }
  onSignals([...END_SIGNALS, 'SIGHUP'], end, (signal) => {
    app.log.error(`second ${signal}, exiting`);
    process.exit(1);
  });
}

function endOnErrors(app: FastifyInstance, ending: Ending): void {
  const crash = (error: unknown) => {
    if (!endRequestOf(app, error)) ending.crash(error);
  };
  process.on('uncaughtException', crash).on('unhandledRejection', crash);
}

/** Closes a listener, but none of its connections, as the `close` of an HTTP server would. */
function stopAccepting(server: Server): void {
  Server.prototype.close.call(server);
}

/**
 * Passes the connections of another address on to the app's server. Fastify's own second server for "localhost" would
 * lack the listeners and limits of the first.
 */
function listenAlsoOn(app: FastifyInstance, address: { port: number; host: string }): Server {
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    app.server.emit('connection', socket);
  });
  server.on('error', (error) => app.log.info({ err: error }, `does not listen on ${address.host}`));
  app.addHook('onListen', async () => {
    server.listen(address, () => app.log.info(`Tally also listens on ${address.host}`));
  });
  let closed: Promise<unknown>;
  app.addHook('preClose', async () => {
    closed = new Promise((resolve) => server.close(resolve));
  });
  app.addHook('onClose', () => closed);
  return server;
}
