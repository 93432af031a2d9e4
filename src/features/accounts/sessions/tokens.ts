import type { FastifyRequest } from 'fastify';
import { scopesOf } from '../roles.ts';
import type { SessionGrant } from './service.ts';

/** Returns the token response of a session that was started or refreshed. */
export async function issueTokens({ server }: FastifyRequest, grant: SessionGrant) {
  const token = await server.tokens.issue({
    sub: grant.username,
    scope: scopesOf(grant.role).join(' '),
    acr: '1',
    uid: grant.accountId,
    sid: grant.sessionId,
  });
  return { ...token, refresh_token: grant.refreshToken };
}
