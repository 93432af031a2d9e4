import { Type } from '@sinclair/typebox';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { problems } from '../../../http/problem.ts';
import {
  bodyProblems,
  emptyResponse,
  jsonResponse,
  problemResponses,
} from '../../../http/responses.ts';
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
import { ACCOUNT_SCOPES, scopesOf } from '../roles.ts';
import type { SessionService } from '../sessions/service.ts';
import type { CredentialsService, SessionGrant } from './service.ts';

export interface SignInOptions {
  credentials: CredentialsService;
  sessions: SessionService;
}

/** What needs no token, but a password or a refresh token. */
export async function signInRoutes(app: FastifyInstance, { credentials, sessions }: SignInOptions) {
  app.post<{ Body: LoginBody }>('/accounts/login', {
    bodyLimit: MAX_BODY_BYTES,
    schema: loginSchema,
    handler: (request) => signIn(credentials, request.body, request),
  });
  app.post<{ Body: RefreshBody }>('/accounts/refresh', {
    bodyLimit: MAX_BODY_BYTES,
    schema: refreshSchema,
    handler: async (request) =>
      tokensOf(request, await sessions.refresh(request.body.refresh_token, originOf(request))),
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

/** Returns the way to authenticate at `POST /auth` with an account: it signs in. */
export function accountAuthentication(credentials: CredentialsService) {
  return {
    description: SIGN_IN_DESCRIPTION,
    body: LoginSchema,
    token: SessionTokensSchema,
    example: EXAMPLE_TOKENS,
    problems: passwordProblems,
    scopes: ACCOUNT_SCOPES,
    authenticate: (body: LoginBody, request: FastifyRequest) => signIn(credentials, body, request),
  };
}

async function signIn(credentials: CredentialsService, body: LoginBody, request: FastifyRequest) {
  const grant = await credentials.signIn(identifierOf(body), body.password, clientOf(request));
  return tokensOf(request, grant);
}

async function tokensOf({ server: { tokens } }: FastifyRequest, grant: SessionGrant) {
  const token = await tokens.issue({
    sub: grant.username,
    scope: scopesOf(grant.role).join(' '),
    acr: '1',
    uid: grant.accountId,
    sid: grant.sessionId,
  });
  return { ...token, refresh_token: grant.refreshToken };
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

const SIGN_IN_DESCRIPTION =
  'Starts a session. A wrong password and an unknown account are the same to the client. ' +
  'After too many failures there are delays, which grow and end.';

const loginSchema = {
  operationId: 'login',
  tags: ['accounts'],
  summary: 'Sign in',
  description: SIGN_IN_DESCRIPTION,
  security: [],
  body: Type.Ref(LoginSchema.$id!),
  response: {
    200: tokenResponse,
    ...problemResponses([...bodyProblems, ...passwordProblems]),
  },
};

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
