import type { FastifyInstance, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whoever knows the path may use it, so the log has the route in its place. */
    hasSecretPath?: boolean;
  }
}

/** One line for each request that ended, and its id in every answer. Query strings are not logged. */
export const requestLogPlugin = fp(
  async (app: FastifyInstance) => {
    app.addHook('onRequest', (request, reply, done) => {
      reply.header('x-request-id', request.id);
      done();
    });
    if (!['trace', 'debug', 'info'].includes(app.log.level)) return;
    app.addHook('onResponse', (request, reply, done) => {
      request.log.info(
        {
          ...describe(request),
          status: reply.statusCode,
          ms: Math.round(reply.elapsedTime * 10) / 10,
        },
        'request',
      );
      done();
    });
    app.addHook('onRequestAbort', (request, done) => {
      request.log.info(describe(request), 'the client broke off');
      done();
    });
  },
  { name: 'request-log' },
);

function describe({ method, url, ip, routeOptions }: FastifyRequest) {
  const path = routeOptions.config.hasSecretPath ? routeOptions.url : url.split('?', 1)[0];
  return { method, path, ip };
}
