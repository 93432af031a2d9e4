import { Type } from '@sinclair/typebox';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { problems } from '../../../http/problem.ts';
import {
  bodyProblems,
  emptyResponse,
  jsonResponse,
  problemResponses,
} from '../../../http/responses.ts';
import { TOKEN_LIFETIME } from '../../auth/keys/key-ring.ts';
import type { Tokens } from '../../auth/tokens.ts';
import { EXAMPLE_TOKENS } from '../accounts/examples.ts';
import {
  type LoginBody,
  LoginSchema,
  type PasswordChangeBody,
  PasswordChangeSchema,
  type RefreshBody,
  RefreshSchema,
  SessionTokensSchema,
} from '../accounts/schemas.ts';
import { clientOf, identifierOf, MAX_BODY_BYTES, NO_STORE, originOf } from '../context.ts';
import { accountProblems } from '../problems.ts';
import { scopesOf } from '../roles.ts';
import type { SessionService } from '../sessions/service.ts';
import type { CredentialsService, SessionGrant } from './service.ts';

export interface SignInOptions {
  credentials: CredentialsService;
  sessions: SessionService;
  ownsAuth: boolean;
}

/** What needs no token, but a password or a refresh token. */
export async function signInRoutes(app: FastifyInstance, options: SignInOptions) {
  const { credentials, sessions, ownsAuth } = options;
  const signIn = async (request: FastifyRequest) => {
    const body = request.body as LoginBody;
    const grant = await credentials.signIn(identifierOf(body), body.password, clientOf(request));
    return tokensOf(app.tokens, grant);
  };
  app.post('/accounts/login', {
    bodyLimit: MAX_BODY_BYTES,
    schema: signInSchema('login', 'accounts', 'Sign in'),
    handler: signIn,
  });
  if (ownsAuth) {
    app.post('/auth', {
      bodyLimit: MAX_BODY_BYTES,
      schema: signInSchema('authenticate', 'auth', 'Get a token'),
      handler: signIn,
    });
  }
  app.post<{ Body: RefreshBody }>('/accounts/refresh', {
    bodyLimit: MAX_BODY_BYTES,
    schema: refreshSchema,
    handler: async (request) =>
      tokensOf(app.tokens, await sessions.refresh(request.body.refresh_token, originOf(request))),
  });
  app.post<{ Body: PasswordChangeBody }>('/accounts/password', {
    bodyLimit: MAX_BODY_BYTES,
    schema: passwordSchema,
    handler: async (request, reply) => {
      const { current_password, new_password } = request.body;
      const identifier = identifierOf(request.body);
      await credentials.changePassword(
        identifier,
        current_password,
        new_password,
        originOf(request),
      );
      return reply.code(204).send();
    },
  });
}

function tokensOf(tokens: Tokens, grant: SessionGrant) {
  const scope = scopesOf(grant.role).join(' ');
  return {
    access_token: tokens.sign({
      sub: grant.username,
      scope,
      acr: '1',
      uid: grant.accountId,
      sid: grant.sessionId,
    }),
    token_type: 'Bearer',
    expires_in: TOKEN_LIFETIME,
    scope,
    refresh_token: grant.refreshToken,
  };
}

/** What a route that asks for a password can answer. */
export const passwordProblems = [
  accountProblems.invalidCredentials,
  accountProblems.accountDisabled,
  accountProblems.tooManyAttempts,
  accountProblems.busy,
  problems.databaseUnavailable,
];

const tokenResponse = jsonResponse(
  'A session, and its tokens.',
  SessionTokensSchema,
  { account: EXAMPLE_TOKENS },
  NO_STORE,
);

function signInSchema(operationId: string, tag: string, summary: string) {
  return {
    operationId,
    tags: [tag],
    summary,
    description:
      'Starts a session. A wrong password and an unknown account are the same to the client. ' +
      'After too many failures there are delays, which grow and end.',
    security: [],
    body: Type.Ref(LoginSchema.$id!),
    response: {
      200: tokenResponse,
      ...problemResponses([...bodyProblems, ...passwordProblems]),
    },
  };
}

const refreshSchema = {
  operationId: 'refreshSession',
  tags: ['accounts'],
  summary: 'Get new tokens',
  description:
    'Exchanges a refresh token for a new pair. Each works once: if an old one comes back, its session ends. ' +
    'The one before the current one still works for a moment, for a client that has lost the answer.',
  security: [],
  body: Type.Ref(RefreshSchema.$id!),
  response: {
    200: tokenResponse,
    ...problemResponses([
      ...bodyProblems,
      accountProblems.invalidRefreshToken,
      problems.databaseUnavailable,
    ]),
  },
};

const passwordSchema = {
  operationId: 'changePassword',
  tags: ['accounts'],
  summary: 'Change the password',
  description: 'Ends all sessions of the account. Attempts are limited as those to sign in are.',
  security: [],
  body: Type.Ref(PasswordChangeSchema.$id!),
  response: {
    204: emptyResponse('The password is changed.'),
    ...problemResponses([...bodyProblems, accountProblems.weakPassword, ...passwordProblems]),
  },
};
