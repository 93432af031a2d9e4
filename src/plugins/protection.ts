import cors from '@fastify/cors';
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import type { Config } from '../config.ts';

/** Headers of responses, which are data and not pages. The documentation page has a policy of its own. */
const SECURITY_HEADERS = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
};

/** Makes browsers use TLS for half a year; sent if the public URL has TLS. */
const TRANSPORT_SECURITY = { 'strict-transport-security': 'max-age=15552000; includeSubDomains' };

/** Sends security headers, and answers CORS requests of the configured origins. */
export const protectionPlugin = fp(
  async (app: FastifyInstance, { config }: { config: Config }) => {
    const secure = config.http.publicUrl.startsWith('https:');
    const headers = Object.entries({ ...SECURITY_HEADERS, ...(secure && TRANSPORT_SECURITY) });
    app.addHook('onRequest', (_request, reply, done) => {
      for (const [name, value] of headers) reply.header(name, value);
      done();
    });
    if (config.http.corsOrigins.length > 0) {
      await app.register(cors, {
        origin: config.http.corsOrigins.includes('*') ? '*' : [...config.http.corsOrigins],
        methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
        exposedHeaders: [
          'X-Request-Id',
          'Retry-After',
          'RateLimit',
          'RateLimit-Policy',
          'WWW-Authenticate',
          'Location',
          'ETag',
          'Idempotent-Replayed',
        ],
        maxAge: 600,
      });
    }
  },
  { name: 'protection' },
);
