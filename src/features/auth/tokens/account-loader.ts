import type { FastifyRequest } from 'fastify';
import { type FindSession, sessionEnded } from '../../../http/secured.ts';
import type { Claims } from './claims.ts';

/**
 * Sets `request.account` to the account of a token; to null for a guest.
 *
 * @throws {Problem} `session_ended`
 */
export type LoadAccount = (request: FastifyRequest, claims: Claims) => Promise<void>;

export function createAccountLoader(findSession: FindSession): LoadAccount {
  return async (request, { sid }) => {
    if (sid === undefined) return;
    request.account = (await findSession(sid)) ?? null;
    if (request.account === null) throw sessionEnded();
  };
}
