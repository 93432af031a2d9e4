import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import createRouter, { type HTTPMethod } from 'find-my-way';
import { problems } from '../http/problem.ts';

/**
 * Answers 404 for an unknown path and 405 with `Allow` (RFC 9110 section 15.5.6) for an unsupported method,
 * both before a body is read.
 *
 * Register it before the routes: it keeps the methods of each path in a router of its own, because
 * Fastify's router does not find a path by another method.
 */
export const notFoundPlugin = fp(
  async (app: FastifyInstance) => {
    const paths = createRouter();
    const methodsOf = new Map<string, Set<string>>();

    app.addHook('onRoute', ({ url, method }) => {
      const methods = methodsOf.get(url) ?? new Set();
      if (!methodsOf.has(url)) {
        methodsOf.set(url, methods);
        paths.on('GET' satisfies HTTPMethod, url, () => undefined, methods);
      }
      for (const one of [method].flat()) methods.add(one);
    });

    // For plugins that serve files, which detect a missing file late.
    app.setNotFoundHandler(() => {
      throw problems.notFound();
    });

    app.addHook('onRequest', (request, _reply, done) => {
      const { url, is404 } = request;
      if (!is404 && !url.includes('%00')) return done();
      const [path = ''] = url.split('?', 1);
      // PostgreSQL stores no U+0000, so nothing has a name with one.
      if (path.includes('%00')) return done(problems.notFound());
      if (!is404) return done();
      const methods = paths.find('GET', path)?.store as Set<string> | undefined;
      if (!methods) return done(problems.notFound());
      const allow = [...methods].sort().join(', ');
      done(problems.methodNotAllowed(`This path supports ${allow}.`, { headers: { allow } }));
    });
  },
  { name: 'not-found' },
);
