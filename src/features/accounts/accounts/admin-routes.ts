import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { OLDEST_FIRST } from '../../../database/keyset.ts';
import { idParams, ref } from '../../../http/fields.ts';
import { examplePage, sliceOf, toPage } from '../../../http/pages.ts';
import { ok } from '../../../http/responses.ts';
import { secured } from '../../../http/secured.ts';
import { actorOf } from '../context.ts';
import { accountExamples } from '../examples.ts';
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
      const slice = sliceOf(request.query, OLDEST_FIRST);
      const found = await accounts.list(request.query.search, slice);
      return toPage({ request, publicUrl, slice, toEntry: toManagedAccount }, found);
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
  ...accountExamples.update,
  response: { 200: ACCOUNT },
};
