import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { idParams, ref } from '../../../http/fields.ts';
import { examplePage, offsetAndLimit, toPage } from '../../../http/pages.ts';
import { ok } from '../../../http/responses.ts';
import { secured } from '../../../http/secured.ts';
import { actorOf } from '../context.ts';
import { accountProblems } from '../problems.ts';
import {
  AccountPageSchema,
  AccountQuerySchema,
  EXAMPLE_ACCOUNT,
  ManagedAccountSchema,
  ManagedChangesSchema,
} from './schemas.ts';
import type { AccountService } from './service.ts';
import { toManagedAccount } from './to-account.ts';

interface AdminRouteOptions {
  accounts: AccountService;
  publicUrl: string;
}

/** Accounts, for administrators. */
export const adminRoutes: FastifyPluginAsyncTypebox<AdminRouteOptions> = async (
  app,
  { accounts, publicUrl },
) => {
  app.get('/accounts', {
    ...secured('admin'),
    schema: listAccounts,
    handler: async (request) => {
      const filter = { ...offsetAndLimit(request.query), search: request.query.search };
      const { count, rows } = await accounts.list(filter);
      return toPage(request, publicUrl, { count, results: rows.map(toManagedAccount) });
    },
  });
  app.get('/accounts/:id', {
    ...secured('admin', { problems: [accountProblems.accountNotFound] }),
    schema: getAccount,
    handler: async ({ params }) => toManagedAccount(await accounts.get(params.id)),
  });
  app.patch('/accounts/:id', {
    ...secured('admin', {
      problems: [
        accountProblems.unknownTier,
        accountProblems.accountNotFound,
        accountProblems.lastAdministrator,
      ],
    }),
    schema: updateAccount,
    handler: async (request) => {
      const { params, body } = request;
      return toManagedAccount(await accounts.update(actorOf(request), params.id, body));
    },
  });
};

const tags = ['accounts'];
const EXAMPLE = { ...EXAMPLE_ACCOUNT, disabled: false };
const ACCOUNT = ok('The account.', ManagedAccountSchema, { ada: EXAMPLE });

const listAccounts = {
  operationId: 'listAccounts',
  tags,
  summary: 'List accounts',
  description: 'For administrators. The oldest first.',
  querystring: AccountQuerySchema,
  response: {
    200: ok('A page of accounts.', AccountPageSchema, { one: examplePage(EXAMPLE) }),
  },
};

const getAccount = {
  operationId: 'getAccount',
  tags,
  summary: 'Get an account',
  description: 'For administrators.',
  params: idParams,
  response: { 200: ACCOUNT },
};

const updateAccount = {
  operationId: 'updateAccount',
  tags,
  summary: 'Change an account',
  description: 'For administrators. Changes count at once, also for tokens in use.',
  params: idParams,
  body: ref(ManagedChangesSchema),
  response: { 200: ACCOUNT },
};
