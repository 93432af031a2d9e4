import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';

declare module 'fastify' {
  interface FastifyInstance {
    /** `begun` is true while the server finishes its last requests. */
    shutdown: { readonly begun: boolean };
  }
}

/**
 * Closes connections during a shutdown. Fastify keeps those of requests in flight alive, so that a client
 * which might send another request would delay the end.
 */
export const shutdownPlugin = fp(
  async (app: FastifyInstance) => {
    const shutdown = { begun: false };
    app.decorate('shutdown', shutdown);
    const unused = trackUnusedConnections(app.server);
    app.addHook('preClose', async () => {
      shutdown.begun = true;
      for (const socket of unused) socket.destroy();
    });
    app.addHook('onSend', (_request, reply, payload, done) => {
      if (shutdown.begun) reply.header('connection', 'close');
      done(null, payload);
    });
    app.addHook('onResponse', (_request, _reply, done) => {
      // A response that had begun before has no "Connection: close"; its connection becomes idle now.
      if (shutdown.begun) setImmediate(() => app.server.closeIdleConnections());
      done();
    });
  },
  { name: 'shutdown' },
);

/** Returns the connections that have sent no request yet; Node does not count them as idle. */
function trackUnusedConnections(server: Server): ReadonlySet<Socket> {
  const unused = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    unused.add(socket);
    socket.once('close', () => unused.delete(socket));
  });
  const markUsed = ({ socket }: IncomingMessage) => unused.delete(socket);
  for (const event of ['request', 'checkContinue', 'checkExpectation']) server.on(event, markUsed);
  return unused;
}
