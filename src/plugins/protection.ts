import cors from '@fastify/cors';
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import type { Config } from '../config.ts';

/**
 * For answers that are data and not pages: nothing in them is run, framed or guessed at. The
 * documentation page has a policy of its own.
 */
const SECURITY_HEADERS = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
};

/** Where the public address has TLS, browsers keep to it: half a year. */
const TRANSPORT_SECURITY = { 'strict-transport-security': 'max-age=15552000; includeSubDomains' };

/** Shields clients: response headers, and which other origins may call. */
export const protectionPlugin = fp(
  async (app: FastifyInstance, { config }: { config: Config }) => {
    const secure = config.http.publicUrl.startsWith('https:');
    const headers = { ...SECURITY_HEADERS, ...(secure && TRANSPORT_SECURITY) };
    app.addHook('onRequest', (_request, reply, done) => {
      reply.headers(headers);
      done();
    });
    if (config.http.corsOrigins.length > 0) {
      await app.register(cors, {
        origin: config.http.corsOrigins.includes('*') ? '*' : [...config.http.corsOrigins],
        methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
        exposedHeaders: [
          'X-Request-Id',
          'Retry-After',
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
