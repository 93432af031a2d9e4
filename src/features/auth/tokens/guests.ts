import type { FastifyRequest } from 'fastify';
import { bodyExamples } from '../../../http/body-examples.ts';
import { TOKEN_LIFETIME_SECONDS } from '../keys/key-ring.ts';
import type { Authentication } from './routes.ts';
import { type Credentials, CredentialsSchema, TokenSchema } from './schemas.ts';
import type { TokenResponse } from './tokens.ts';

const GUEST_SCOPE = 'sum';

/** Gives anyone a guest's token, whatever the password. */
export const guestAuthentication: Authentication = {
  description:
    'Answers any non-empty user name and password with a token that opens `/sum` for an hour. ' +
    'Nothing is verified. Unknown members are ignored.',
  body: CredentialsSchema,
  bodyExamples: bodyExamples({
    guest: ['A guest', { username: 'ada', password: 'any password' }],
  }),
  token: TokenSchema,
  example: {
    access_token: 'eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl',
    token_type: 'Bearer',
    expires_in: TOKEN_LIFETIME_SECONDS,
    scope: GUEST_SCOPE,
  },
  problems: [],
  rate: 'guest-tokens',
  scopes: [GUEST_SCOPE],
  authenticate({ username }: Credentials, { server }: FastifyRequest): Promise<TokenResponse> {
    return server.tokens.issue({ sub: username, scope: GUEST_SCOPE, acr: '0' });
  },
};
