import { createServer } from 'node:net';
import closeWithGrace from 'close-with-grace';
import type { FastifyInstance } from 'fastify';
import type { Config } from './config.ts';
import { endRequestOf } from './plugins/isolation.ts';

/**
 * Listens until a signal or an error outside of any request, then closes the app and ends the process.
 *
 * @throws {Error} why the app cannot listen, after closing it
 */
export async function serve(app: FastifyInstance, config: Config): Promise<void> {
  closeOnSignals(app, config.http.shutdownTimeout);
  const listenTextResolver = (address: string) => `Tally listens on ${address}`;
  const { host, port } = config.http;
  if (host === 'localhost') listenAlsoOn(app, { host: '::1', port });
  try {
    await app.listen({ host: host === 'localhost' ? '127.0.0.1' : host, port, listenTextResolver });
  } catch (error) {
    await app.close();
    throw error;
  }
}

function closeOnSignals(app: FastifyInstance, delay: number): void {
  let crashed = false;
  const { close } = closeWithGrace(
    { delay, logger: app.log, skip: ['uncaughtException', 'unhandledRejection'] },
    async ({ signal }) => {
      if (signal) app.log.info({ signal }, 'shutting down once the requests in flight are done');
      await app.close();
      if (crashed) process.exit(1);
    },
  );
  const shutDownAfter = (error: unknown) => {
    if (endRequestOf(app, error)) return;
    app.log.fatal({ err: error }, 'crashed; shutting down once the requests in flight are done');
    if (crashed) process.exit(1);
    crashed = true;
    close();
  };
  process.on('uncaughtException', shutDownAfter).on('unhandledRejection', shutDownAfter);
}

/**
 * Passes the connections of another address on to the app's server. Fastify's own second server for "localhost" would
 * lack the listeners and limits of the first.
 */
function listenAlsoOn(app: FastifyInstance, address: { port: number; host: string }): void {
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
}
