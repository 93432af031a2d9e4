import type { FastifyInstance, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The path is a credential; the log shows the route's pattern instead. */
    hasSecretPath?: boolean;
  }
}

/**
 * Logs one line for each request and sends its id in every response. Query strings are not logged, nor
 * unknown segments of paths: they may be a mistyped secret.
 */
export const requestLogPlugin = fp(
  async (app: FastifyInstance) => {
    app.addHook('onRequest', (request, reply, done) => {
      reply.header('x-request-id', request.id);
      done();
    });
    const known = new Set(['']);
    app.addHook('onRoute', ({ url }) => {
      for (const segment of url.split('/')) if (!/^[:*]/.test(segment)) known.add(segment);
    });
    if (!['trace', 'debug', 'info'].includes(app.log.level)) return;
    app.addHook('onResponse', (request, reply, done) => {
      request.log.info(
        {
          ...describe(request, known),
          status: reply.statusCode,
          ms: Math.round(reply.elapsedTime * 10) / 10,
        },
        'request',
      );
      done();
    });
    app.addHook('onRequestAbort', (request, done) => {
      request.log.info(describe(request, known), 'the client disconnected');
      done();
    });
  },
  { name: 'request-log' },
);

/** Segments of an unknown path that are logged; the rest is cut off. */
const MAX_SEGMENTS = 10;

function describe(request: FastifyRequest, known: ReadonlySet<string>) {
  const { method, url, ip, is404, routeOptions } = request;
  const [path = ''] = url.split('?', 1);
  if (routeOptions.config.hasSecretPath) return { method, path: routeOptions.url, ip };
  if (!is404) return { method, path, ip };
  const segments = path.split('/', MAX_SEGMENTS).map((text) => (known.has(text) ? text : '*'));
  return { method, path: segments.join('/'), ip };
}
