import { Type } from '@sinclair/typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Claim, claimOf } from './claim.ts';
import type { Once } from './idempotency.ts';
import { idempotencyProblems } from './problems.ts';

const MAX_KEY_LENGTH = 255;

/** The request headers of a route that takes an Idempotency-Key. */
export const IdempotencyHeadersSchema = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: MAX_KEY_LENGTH,
      description:
        'Any text that you use for this request alone, such as a random UUID. With it, the request can be ' +
        'repeated, also after a lost response: it takes effect once, and gets the same response.',
    }),
  ),
});

/** The response header of a route that takes an Idempotency-Key. */
export const REPLAYED = {
  'Idempotent-Replayed': {
    type: 'string',
    description: '`true` if an earlier request with the key took effect, and this one did not.',
  },
};

/** Problems of every route that takes an Idempotency-Key. */
export const keyProblems = [idempotencyProblems.inProgress, idempotencyProblems.keyReused];

/**
 * Returns the claim of a signed-in account's request, if it has a key. `content` is everything that decides
 * what the request does, for routes that parse no body.
 */
export function claimFrom(request: FastifyRequest, content?: object): Claim | undefined {
  const key = request.headers['idempotency-key'] as string | undefined;
  if (key === undefined) return undefined;
  const { account, method, routeOptions, params, body } = request;
  return claimOf({
    sender: account!.id,
    operation: `${method} ${routeOptions.url}`,
    key,
    content: content ?? { params, body },
  });
}

/** Returns the result, and marks the response if it is that of an earlier request. */
export function resultFor<T>(reply: FastifyReply, { result, replayed }: Once<T>): T {
  if (replayed) reply.header('idempotent-replayed', 'true');
  return result;
}
