import type { FastifyRequest } from 'fastify';
import type { PageQuery } from '../../../http/pages.ts';
import type { SignedInAccount } from '../../../http/secured.ts';

export const MAX_BODY_BYTES = 16 * 1024;

/** What only accounts have, and no guest. */
export const SCOPE = 'accounts';

export const common = { tags: ['images'], security: [{ bearer: [] }] };

export const LOCATION = { Location: { type: 'string', description: 'Where it is.' } };

/** Behind `requireScope(SCOPE)` there is an account. */
export function accountOf(request: FastifyRequest): SignedInAccount {
  return request.account!;
}

export function windowOf({ query }: FastifyRequest) {
  const { page, limit } = query as PageQuery;
  return { offset: (page - 1) * limit, limit };
}
