import { Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { toPage } from '../../../http/pages.ts';
import { problems } from '../../../http/problem.ts';
import { bodyProblems, jsonResponse, problemResponses } from '../../../http/responses.ts';
import { tokenProblems } from '../../../http/secured.ts';
import { actorOf, MAX_BODY_BYTES } from '../context.ts';
import { accountProblems } from '../problems.ts';
import type { Store } from '../store.ts';
import { EXAMPLE_ACCOUNT, EXAMPLE_EVENT, examplePage } from './examples.ts';
import {
  AccountPageSchema,
  type AccountQuery,
  AccountQuerySchema,
  AuditEventPageSchema,
  type AuditQuery,
  AuditQuerySchema,
  type IdParams,
  IdParamsSchema,
  ManagedAccountSchema,
  type ManagedChangesBody,
  ManagedChangesSchema,
} from './schemas.ts';
import type { AccountService } from './service.ts';
import { viewEvent, viewManagedAccount } from './views.ts';

export interface AdminOptions {
  accounts: AccountService;
  store: Store;
  publicUrl: string;
}

/** What administrators do. */
export async function adminRoutes(app: FastifyInstance, options: AdminOptions) {
  const { accounts, store, publicUrl } = options;
  const onRequest = app.requireScope('admin');

  app.get<{ Querystring: AccountQuery }>('/accounts', {
    onRequest,
    schema: listSchema,
    handler: async (request) => {
      const { count, rows } = await accounts.list({
        ...windowOf(request.query),
        search: request.query.search,
      });
      return toPage(request, publicUrl, { count, results: rows.map(viewManagedAccount) });
    },
  });
  app.get<{ Params: IdParams }>('/accounts/:id', {
    onRequest,
    schema: getSchema,
    handler: async ({ params }) => viewManagedAccount(await accounts.get(params.id)),
  });
  app.patch<{ Params: IdParams; Body: ManagedChangesBody }>('/accounts/:id', {
    onRequest,
    bodyLimit: MAX_BODY_BYTES,
    schema: patchSchema,
    handler: async (request) => {
      const { params, body } = request;
      return viewManagedAccount(await accounts.manage(actorOf(request), params.id, body));
    },
  });
  app.get<{ Querystring: AuditQuery }>('/audit-events', {
    onRequest,
    schema: auditSchema,
    handler: async (request) => {
      const { subject: accountId, action } = request.query;
      const filter = { ...windowOf(request.query), accountId, action };
      const { count, rows } = await store.snapshot(({ audit }) => audit.list(filter));
      return toPage(request, publicUrl, { count, results: rows.map(viewEvent) });
    },
  });
}

function windowOf({ page, limit }: { page: number; limit: number }) {
  return { offset: (page - 1) * limit, limit };
}

const common = { tags: ['accounts'], security: [{ bearer: [] }] };
const EXAMPLE = { ...EXAMPLE_ACCOUNT, disabled: false };
const ACCOUNT = jsonResponse('The account.', ManagedAccountSchema, { ada: EXAMPLE });

const listSchema = {
  ...common,
  operationId: 'listAccounts',
  summary: 'List accounts',
  description: 'For administrators. The oldest first.',
  querystring: AccountQuerySchema,
  response: {
    200: jsonResponse('A page of accounts.', AccountPageSchema, { one: examplePage(EXAMPLE) }),
    ...problemResponses([problems.validationFailed, ...tokenProblems]),
  },
};

const getSchema = {
  ...common,
  operationId: 'getAccount',
  summary: 'Get an account',
  description: 'For administrators.',
  params: IdParamsSchema,
  response: {
    200: ACCOUNT,
    ...problemResponses([
      problems.validationFailed,
      ...tokenProblems,
      accountProblems.accountNotFound,
    ]),
  },
};

const patchSchema = {
  ...common,
  operationId: 'updateAccount',
  summary: 'Change an account',
  description:
    'For administrators. What changes counts at once, also for tokens that are out there.',
  params: IdParamsSchema,
  body: Type.Ref(ManagedChangesSchema.$id!),
  response: {
    200: ACCOUNT,
    ...problemResponses([
      ...bodyProblems,
      accountProblems.unknownTier,
      ...tokenProblems,
      accountProblems.accountNotFound,
      accountProblems.lastAdministrator,
    ]),
  },
};

const auditSchema = {
  ...common,
  operationId: 'listAuditEvents',
  summary: 'List what happened to accounts',
  description: 'For administrators. Sign-ins, failures, lockouts, changes; the newest first.',
  querystring: AuditQuerySchema,
  response: {
    200: jsonResponse('A page of events.', AuditEventPageSchema, {
      one: examplePage(EXAMPLE_EVENT),
    }),
    ...problemResponses([problems.validationFailed, ...tokenProblems]),
  },
};
