import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';

declare module 'fastify' {
  interface FastifyInstance {
    /** Whether the server is finishing its last requests. */
    shutdown: { readonly begun: boolean };
  }
}

/**
 * A server that closes still keeps the connections of requests in flight alive behind them, so a
 * client that might send another would hold it up. They are told to close instead.
 */
export const shutdownPlugin = fp(
  async (app: FastifyInstance) => {
    const shutdown = { begun: false };
    app.decorate('shutdown', shutdown);
    const unused = trackUnused(app.server);
    app.addHook('preClose', async () => {
      shutdown.begun = true;
      for (const socket of unused) socket.destroy();
    });
    app.addHook('onSend', (_request, reply, payload, done) => {
      if (shutdown.begun) reply.header('connection', 'close');
      done(null, payload);
    });
    app.addHook('onResponse', (_request, _reply, done) => {
      // An answer that had begun before could not say so; its connection is idle in a moment.
      if (shutdown.begun) setImmediate(() => app.server.closeIdleConnections());
      done();
    });
  },
  { name: 'shutdown' },
);

/** Keeps the connections that have sent no request yet, which Node does not count among the idle ones. */
function trackUnused(server: Server): ReadonlySet<Socket> {
  const unused = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    unused.add(socket);
    socket.once('close', () => unused.delete(socket));
  });
  const use = ({ socket }: IncomingMessage) => unused.delete(socket);
  for (const event of ['request', 'checkContinue', 'checkExpectation']) server.on(event, use);
  return unused;
}
