import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { ref } from '../../../http/fields.ts';
import { problems } from '../../../http/problem.ts';
import { created, noContent, ok } from '../../../http/responses.ts';
import { accountOf, secured } from '../../../http/secured.ts';
import { resultFor } from '../../../idempotency/route-support.ts';
import { actorOf, originOf } from '../context.ts';
import { accountExamples } from '../examples.ts';
import { accountProblems } from '../problems.ts';
import { passwordProblems } from '../sign-in/routes.ts';
import type { Register } from './registration.ts';
import {
  AccountSchema,
  ConfirmationSchema,
  EXAMPLE_ACCOUNT,
  NewAccountSchema,
  OwnChangesSchema,
} from './schemas.ts';
import type { AccountService } from './service.ts';
import { toAccount } from './to-account.ts';

interface AccountRouteOptions {
  register: Register;
  accounts: AccountService;
  publicUrl: string;
}

/** Registration, and what people do with their own accounts. */
export const accountRoutes: FastifyPluginAsyncTypebox<AccountRouteOptions> = async (
  app,
  { register, accounts, publicUrl },
) => {
  app.post('/accounts', {
    config: { rate: 'sign-in', idempotent: true, problems: registrationProblems },
    schema: registerAccount,
    handler: async (request, reply) => {
      const key = request.headers['idempotency-key'] as string | undefined;
      const once = await register(request.body, originOf(request), { key });
      const account = toAccount(resultFor(reply, once));
      reply.code(201).header('location', `${publicUrl}/accounts/${account.id}`);
      return account;
    },
  });
  app.get('/accounts/me', {
    ...secured('accounts', { problems: [accountProblems.accountNotFound] }),
    schema: getOwnAccount,
    handler: async (request) => toAccount(await accounts.get(accountOf(request).id)),
  });
  app.patch('/accounts/me', {
    ...secured('accounts', {
      problems: [...passwordProblems, accountProblems.accountNotFound, accountProblems.emailTaken],
    }),
    schema: updateOwnAccount,
    handler: async (request) => toAccount(await accounts.updateOwn(actorOf(request), request.body)),
  });
  app.delete('/accounts/me', {
    ...secured('accounts', { problems: [...passwordProblems, accountProblems.lastAdministrator] }),
    schema: deleteOwnAccount,
    handler: async (request, reply) => {
      await accounts.deleteOwn(actorOf(request), request.body.password);
      return reply.code(204).send();
    },
  });
};

const tags = ['accounts'];
const ACCOUNT = ok('The account.', AccountSchema, { ada: EXAMPLE_ACCOUNT });

const registrationProblems = [
  accountProblems.weakPassword,
  accountProblems.emailTaken,
  accountProblems.usernameTaken,
  accountProblems.tooManyRegistrations,
  accountProblems.busy,
  problems.databaseUnavailable,
];

const registerAccount = {
  operationId: 'registerAccount',
  tags,
  summary: 'Register',
  description: 'Creates an account. It is not signed in.',
  body: ref(NewAccountSchema),
  ...accountExamples.register,
  response: { 201: created('The account.', AccountSchema, { ada: EXAMPLE_ACCOUNT }) },
};

const getOwnAccount = {
  operationId: 'getOwnAccount',
  tags,
  summary: 'Get your account',
  description: 'The account of the token.',
  response: { 200: ACCOUNT },
};

const updateOwnAccount = {
  operationId: 'updateOwnAccount',
  tags,
  summary: 'Change your account',
  description: 'Changes names, and with `current_password` the e-mail address.',
  body: ref(OwnChangesSchema),
  ...accountExamples.updateOwn,
  response: { 200: ACCOUNT },
};

const deleteOwnAccount = {
  operationId: 'deleteOwnAccount',
  tags,
  summary: 'Delete your account',
  description:
    'Ends its sessions, and removes its names, its e-mail address and its password at once, and its images with the next ' +
    'sweep. Its id stays, in its orders and in audit events until these expire; nobody else can have its user name.',
  body: ref(ConfirmationSchema),
  ...accountExamples.deleteOwn,
  response: { 204: noContent('The account is deleted.') },
};
