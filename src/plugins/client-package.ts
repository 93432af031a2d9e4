import { hash } from 'node:crypto';
import { existsSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import { CLIENT_FOLDER, packClient } from '../client-package.ts';
import { isNotModified } from '../http/conditional.ts';
import { problems } from '../http/problem.ts';

/** Serves the client of this version as a package: `npm install http://…/client.tgz`. */
export const clientPackagePlugin = fp(
  async (app: FastifyInstance) => {
    const load = once(async () => {
      const bytes = await packClient();
      return { bytes, etag: `"${hash('sha256', bytes, 'base64url')}"` };
    });

    app.get('/client.tgz', { schema: { hide: true } }, async (request, reply) => {
      if (!existsSync(CLIENT_FOLDER)) throw problems.notFound();
      const { bytes, etag } = await load();
      // Another version of the server has another client at the same address.
      reply.headers({ etag, 'cache-control': 'public, no-cache' });
      if (isNotModified(request.headers['if-none-match'], etag)) return reply.code(304).send();
      return reply.type('application/gzip').send(bytes);
    });
  },
  { name: 'client-package' },
);

/** Returns the result of the first call to all calls; a failure is forgotten. */
function once<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => {
    result ??= work().catch((error) => {
      result = undefined;
      throw error;
    });
    return result;
  };
}
