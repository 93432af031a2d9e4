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
    app.addHook('preClose', async () => {
      shutdown.begun = true;
    });
    app.addHook('onSend', (_request, reply, payload, done) => {
      if (shutdown.begun) reply.header('connection', 'close');
      done(null, payload);
    });
  },
  { name: 'shutdown' },
);
