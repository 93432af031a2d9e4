import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import createRouter, { type HTTPMethod } from 'find-my-way';
import { problems } from '../http/problem.ts';

/**
 * Tells apart a path that does not exist (404) and one that does not know the method (405, with
 * `Allow`: RFC 9110 section 15.5.6). Both are said before a body is read.
 *
 * Register it before the routes: it keeps the methods of each path in a router of its own, since
 * Fastify's finds nothing where the method differs.
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

    // Plugins that serve files find out late that there is nothing.
    app.setNotFoundHandler(() => {
      throw problems.notFound();
    });

    app.addHook('onRequest', (request, _reply, done) => {
      const [path = ''] = request.url.split('?', 1);
      // PostgreSQL takes no U+0000 in a text, and nothing here has a name with one.
      if (path.includes('%00')) return done(problems.notFound());
      if (!request.is404) return done();
      const methods = paths.find('GET', path)?.store as Set<string> | undefined;
      if (!methods) return done(problems.notFound());
      const allow = [...methods].sort().join(', ');
      done(problems.methodNotAllowed(`This path knows ${allow}.`, { headers: { allow } }));
    });
  },
  { name: 'not-found' },
);
