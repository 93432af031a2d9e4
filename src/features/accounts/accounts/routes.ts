import { Type } from '@sinclair/typebox';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { problems } from '../../../http/problem.ts';
import {
  bodyProblems,
  emptyResponse,
  jsonResponse,
  problemResponses,
} from '../../../http/responses.ts';
import { tokenProblems } from '../../../http/secured.ts';
import {
  type IdempotencyHeaders,
  IdempotencyHeadersSchema,
  keyProblems,
  REPLAYED,
  resultFor,
} from '../../../idempotency/route-support.ts';
import { actorOf, MAX_BODY_BYTES, originOf } from '../context.ts';
import { accountProblems } from '../problems.ts';
import type { SessionService } from '../sessions/service.ts';
import { passwordProblems } from '../sign-in/routes.ts';
import { EXAMPLE_ACCOUNT, EXAMPLE_SESSION } from './examples.ts';
import {
  AccountSchema,
  type ConfirmationBody,
  ConfirmationSchema,
  type IdParams,
  IdParamsSchema,
  type NewAccountBody,
  NewAccountSchema,
  type OwnChangesBody,
  OwnChangesSchema,
  SessionListSchema,
} from './schemas.ts';
import type { AccountService } from './service.ts';
import { viewAccount, viewSession } from './views.ts';

export interface OwnOptions {
  accounts: AccountService;
  sessions: SessionService;
}

/** What people do with their own account and sessions. */
export async function ownRoutes(app: FastifyInstance, { accounts, sessions }: OwnOptions) {
  app.post<{ Body: NewAccountBody; Headers: IdempotencyHeaders }>('/accounts', {
    bodyLimit: MAX_BODY_BYTES,
    schema: registerSchema,
    handler: async (request, reply) => {
      const key = request.headers['idempotency-key'];
      const once = await accounts.register(request.body, originOf(request), { key });
      reply.code(201);
      return viewAccount(resultFor(reply, once));
    },
  });

  const onRequest = app.requireScope('accounts');
  app.get('/accounts/me', {
    onRequest,
    schema: getSchema,
    handler: async (request) => viewAccount(await accounts.get(request.account!.id)),
  });
  app.patch<{ Body: OwnChangesBody }>('/accounts/me', {
    onRequest,
    bodyLimit: MAX_BODY_BYTES,
    schema: patchSchema,
    handler: async (request) =>
      viewAccount(await accounts.changeOwn(actorOf(request), request.body)),
  });
  app.delete<{ Body: ConfirmationBody }>('/accounts/me', {
    onRequest,
    bodyLimit: MAX_BODY_BYTES,
    schema: deleteSchema,
    handler: async (request, reply) => {
      await accounts.deleteOwn(actorOf(request), request.body.password);
      return reply.code(204).send();
    },
  });
  app.post('/accounts/logout', {
    onRequest,
    schema: logoutSchema,
    handler: async (request, reply) => {
      const { id, sessionId } = request.account!;
      await sessions.signOut(id, sessionId, originOf(request));
      return reply.code(204).send();
    },
  });
  app.get('/accounts/sessions', {
    onRequest,
    schema: sessionsSchema,
    handler: async ({ account }: FastifyRequest) => {
      const rows = await sessions.list(account!.id);
      return { results: rows.map((row) => viewSession(row, account!.sessionId)) };
    },
  });
  app.delete<{ Params: IdParams }>('/accounts/sessions/:id', {
    onRequest,
    schema: endSessionSchema,
    handler: async (request, reply) => {
      await sessions.end(request.account!.id, request.params.id, originOf(request));
      return reply.code(204).send();
    },
  });
}

const ACCOUNT = jsonResponse('The account.', AccountSchema, { ada: EXAMPLE_ACCOUNT });
const common = { tags: ['accounts'], security: [{ bearer: [] }] };

const registerSchema = {
  ...common,
  operationId: 'registerAccount',
  summary: 'Register',
  description: 'Makes an account. It is not signed in.',
  security: [],
  headers: IdempotencyHeadersSchema,
  body: Type.Ref(NewAccountSchema.$id!),
  response: {
    201: jsonResponse('The account.', AccountSchema, { ada: EXAMPLE_ACCOUNT }, REPLAYED),
    ...problemResponses([
      ...bodyProblems,
      accountProblems.weakPassword,
      accountProblems.emailTaken,
      accountProblems.usernameTaken,
      accountProblems.tooManyRegistrations,
      ...keyProblems,
      accountProblems.busy,
      problems.databaseUnavailable,
    ]),
  },
};

const getSchema = {
  ...common,
  operationId: 'getOwnAccount',
  summary: 'Get your account',
  description: 'The account that the token is of.',
  response: {
    200: ACCOUNT,
    ...problemResponses([...tokenProblems, accountProblems.accountNotFound]),
  },
};

const patchSchema = {
  ...common,
  operationId: 'updateOwnAccount',
  summary: 'Change your account',
  description: 'Changes names, and with `current_password` the e-mail address.',
  body: Type.Ref(OwnChangesSchema.$id!),
  response: {
    200: ACCOUNT,
    ...problemResponses([
      ...bodyProblems,
      ...tokenProblems,
      ...withoutDatabase(passwordProblems),
      accountProblems.accountNotFound,
      accountProblems.emailTaken,
    ]),
  },
};

const deleteSchema = {
  ...common,
  operationId: 'deleteOwnAccount',
  summary: 'Delete your account',
  description:
    'Ends its sessions, and removes its names, its e-mail address and its password at once, and its images with the next ' +
    'sweep. Its id stays, in its orders and in audit events until these expire; nobody else can have its user name.',
  body: Type.Ref(ConfirmationSchema.$id!),
  response: {
    204: emptyResponse('The account is gone.'),
    ...problemResponses([
      ...bodyProblems,
      ...tokenProblems,
      ...withoutDatabase(passwordProblems),
      accountProblems.lastAdministrator,
    ]),
  },
};

const logoutSchema = {
  ...common,
  operationId: 'logout',
  summary: 'Sign out',
  description: 'Ends the session of the token, and the token with it, at once.',
  response: { 204: emptyResponse('The session has ended.'), ...problemResponses(tokenProblems) },
};

const sessionsSchema = {
  ...common,
  operationId: 'listSessions',
  summary: 'List your sessions',
  description: 'Where you are signed in.',
  response: {
    200: jsonResponse('The sessions.', SessionListSchema, { one: { results: [EXAMPLE_SESSION] } }),
    ...problemResponses(tokenProblems),
  },
};

const endSessionSchema = {
  ...common,
  operationId: 'endSession',
  summary: 'End a session',
  description: 'Signs out somewhere else, at once.',
  params: IdParamsSchema,
  response: {
    204: emptyResponse('The session has ended.'),
    ...problemResponses([
      problems.validationFailed,
      ...tokenProblems,
      accountProblems.sessionNotFound,
    ]),
  },
};

/** What `tokenProblems` have already. */
function withoutDatabase(types: typeof passwordProblems) {
  return types.filter((type) => !tokenProblems.includes(type));
}
