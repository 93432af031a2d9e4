import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { NEWEST_FIRST } from '../../../database/keyset.ts';
import { idParams, ref } from '../../../http/fields.ts';
import { examplePage, PageQuerySchema, sliceOf, toPage } from '../../../http/pages.ts';
import { problems } from '../../../http/problem.ts';
import { noContent, noStore, ok } from '../../../http/responses.ts';
import { accountOf, secured } from '../../../http/secured.ts';
import { toTimestamp } from '../../../http/timestamp.ts';
import { originOf } from '../context.ts';
import { accountExamples } from '../examples.ts';
import { accountProblems } from '../problems.ts';
import type { SessionRow } from './repository.ts';
import {
  EXAMPLE_SESSION,
  EXAMPLE_TOKENS,
  RefreshSchema,
  SessionPageSchema,
  SessionTokensSchema,
} from './schemas.ts';
import type { SessionService } from './service.ts';
import { issueTokens } from './tokens.ts';

interface SessionRouteOptions {
  sessions: SessionService;
  publicUrl: string;
}

export const sessionRoutes: FastifyPluginAsyncTypebox<SessionRouteOptions> = async (
  app,
  { sessions, publicUrl },
) => {
  app.post('/accounts/refresh', {
    config: { problems: [accountProblems.invalidRefreshToken, problems.databaseUnavailable] },
    schema: refreshSession,
    handler: async (request) => {
      const grant = await sessions.refresh(request.body.refresh_token, originOf(request));
      return issueTokens(request, grant);
    },
  });
  app.get('/accounts/sessions', {
    ...secured('accounts'),
    schema: listSessions,
    handler: async (request) => {
      const { id, sessionId } = accountOf(request);
      const slice = sliceOf(request.query, NEWEST_FIRST);
      const toEntry = (row: SessionRow) => toSession(row, sessionId);
      return toPage({ request, publicUrl, slice, toEntry }, await sessions.list(id, slice));
    },
  });
  app.delete('/accounts/sessions/:id', {
    ...secured('accounts', { problems: [accountProblems.sessionNotFound] }),
    schema: deleteSession,
    handler: async (request, reply) => {
      await sessions.delete(accountOf(request).id, request.params.id, originOf(request));
      return reply.code(204).send();
    },
  });
  app.post('/accounts/logout', {
    ...secured('accounts'),
    schema: logout,
    handler: async (request, reply) => {
      const { id, sessionId } = accountOf(request);
      await sessions.signOut(id, sessionId, originOf(request));
      return reply.code(204).send();
    },
  });
};

const tags = ['accounts'];

/** Documents the response of a sign-in or a refresh. */
export const tokenResponse = ok(
  'A session, and its tokens.',
  SessionTokensSchema,
  { account: EXAMPLE_TOKENS },
  noStore,
);

const refreshSession = {
  operationId: 'refreshSession',
  tags,
  summary: 'Get new tokens',
  description:
    'Exchanges a refresh token for a new pair. Each works once: if an old one comes back, its session ends. ' +
    'The one before the current one still works for a moment, for a client that has lost the answer.',
  body: ref(RefreshSchema),
  ...accountExamples.refresh,
  response: { 200: tokenResponse },
};

const listSessions = {
  operationId: 'listSessions',
  tags,
  summary: 'List your sessions',
  description: 'The devices and programs that are signed in.',
  querystring: PageQuerySchema,
  response: {
    200: ok('A page of sessions.', SessionPageSchema, { one: examplePage(EXAMPLE_SESSION) }),
  },
};

const deleteSession = {
  operationId: 'deleteSession',
  tags,
  summary: 'End a session',
  description: 'Signs out elsewhere, at once.',
  params: idParams,
  response: { 204: noContent('The session has ended.') },
};

const logout = {
  operationId: 'logout',
  tags,
  summary: 'Sign out',
  description: 'Ends the session of the token, and the token with it, at once.',
  response: { 204: noContent('The session has ended.') },
};

function toSession(session: SessionRow, currentId: string) {
  const { id, created_at, used_at, user_agent, address } = session;
  return {
    id,
    created: toTimestamp(created_at),
    updated: toTimestamp(used_at),
    user_agent,
    address: address || null,
    current: id === currentId,
  };
}
