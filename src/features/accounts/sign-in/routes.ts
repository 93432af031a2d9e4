import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { ref } from '../../../http/fields.ts';
import { Problem, problems } from '../../../http/problem.ts';
import { noContent } from '../../../http/responses.ts';
import { facts } from '../../../telemetry.ts';
import type { Identifier } from '../accounts/names.ts';
import { clientOf, originOf } from '../context.ts';
import { accountExamples } from '../examples.ts';
import { accountProblems } from '../problems.ts';
import { ACCOUNT_SCOPES } from '../roles.ts';
import { tokenResponse } from '../sessions/routes.ts';
import { EXAMPLE_TOKENS, SessionTokensSchema } from '../sessions/schemas.ts';
import { issueTokens } from '../sessions/tokens.ts';
import { type Login, LoginSchema, loginSchemas, PasswordChangeSchema } from './schemas.ts';
import type { SignInService } from './service.ts';

/** Problems of every route that asks for a password. */
export const passwordProblems = [
  accountProblems.invalidCredentials,
  accountProblems.accountDisabled,
  accountProblems.tooManyAttempts,
  accountProblems.busy,
  problems.databaseUnavailable,
];

export const signInRoutes: FastifyPluginAsyncTypebox<{ signIn: SignInService }> = async (
  app,
  { signIn },
) => {
  app.post('/accounts/login', {
    config: { rate: 'sign-in', problems: passwordProblems },
    schema: login,
    handler: async (request) => authenticate(signIn, request.body, request),
  });
  app.post('/accounts/password', {
    config: { rate: 'sign-in', problems: [accountProblems.weakPassword, ...passwordProblems] },
    schema: changePassword,
    handler: async (request, reply) => {
      const { body } = request;
      const passwords = { current: body.current_password, next: body.new_password };
      await signIn.changePassword(identifierOf(body), passwords, originOf(request));
      return reply.code(204).send();
    },
  });
};

const login = {
  operationId: 'login',
  tags: ['accounts'],
  summary: 'Sign in',
  description:
    'Starts a session. A wrong password and an unknown account get the same answer. After too many failures ' +
    'there are delays, which grow and end.',
  body: ref(LoginSchema),
  ...accountExamples.login,
  response: { 200: tokenResponse },
};

const changePassword = {
  operationId: 'changePassword',
  tags: ['accounts'],
  summary: 'Change the password',
  description: 'Ends all sessions of the account. Attempts are limited as at sign-in.',
  body: ref(PasswordChangeSchema),
  ...accountExamples.changePassword,
  response: { 204: noContent('The password is changed.') },
};

/** Returns the way to authenticate with an account at `POST /auth`. */
export function accountAuthentication(signIn: SignInService) {
  return {
    description: login.description,
    body: LoginSchema,
    bodyExamples: accountExamples.login,
    token: SessionTokensSchema,
    schemas: loginSchemas,
    example: EXAMPLE_TOKENS,
    problems: passwordProblems,
    rate: 'sign-in' as const,
    scopes: ACCOUNT_SCOPES,
    authenticate: (body: Login, request: FastifyRequest) => authenticate(signIn, body, request),
  };
}

async function authenticate(signIn: SignInService, body: Login, request: FastifyRequest) {
  const identifier = identifierOf(body);
  try {
    const session = await signIn.signIn(identifier, body.password, clientOf(request));
    facts.publish({ type: 'sign_in', outcome: 'succeeded' });
    return issueTokens(request, session);
  } catch (error) {
    const isWrong =
      error instanceof Problem && error.code === accountProblems.invalidCredentials.code;
    facts.publish({ type: 'sign_in', outcome: isWrong ? 'failed' : 'refused' });
    throw error;
  }
}

/** @throws {Problem} `validation_failed` where both names are given, which may be of two accounts. */
function identifierOf(body: Identifier): Identifier {
  if (!('username' in body)) return { email: body.email };
  if (!('email' in body)) return { username: body.username };
  const message = 'must not stand beside email';
  throw problems.validationFailed(undefined, { errors: [{ path: '/username', message }] });
}
