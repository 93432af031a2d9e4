import type { FastifyInstance, FastifyRequest } from 'fastify';

/** The scope of whoever has an account, and the one of administrators. */
export const CUSTOMER = 'accounts';
export const ADMINISTRATOR = 'admin';

export const MAX_BODY_BYTES = 128 * 1024;

/** The account behind a request that passed `requireScope`: no guest has these scopes. */
export function userOf({ account }: Pick<FastifyRequest, 'account'>): string {
  return account!.id;
}

/** Keeps what only some may see out of caches, errors included. */
export function forbidStoring(app: FastifyInstance): void {
  app.addHook('onRequest', (_request, reply, done) => {
    reply.header('cache-control', 'no-store');
    done();
  });
}

export function windowOf({ page, limit }: { page: number; limit: number }) {
  return { offset: (page - 1) * limit, limit };
}

/** One page that holds all there is. */
export const examplePage = (entry: object) => ({
  count: 1,
  next: null,
  previous: null,
  results: [entry],
});
