import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { ref } from '../../../http/fields.ts';
import { problems } from '../../../http/problem.ts';
import { noContent } from '../../../http/responses.ts';
import { secured } from '../../../http/secured.ts';
import { actorOf, originOf } from '../context.ts';
import { accountExamples } from '../examples.ts';
import { accountProblems } from '../problems.ts';
import { ForgottenPasswordSchema, PasswordResetSchema } from './schemas.ts';
import type { PasswordResetService } from './service.ts';

export const passwordResetRoutes: FastifyPluginAsyncTypebox<{
  passwordReset: PasswordResetService;
}> = async (app, { passwordReset }) => {
  app.post('/accounts/password/forgotten', {
    config: { rate: 'sign-in', problems: [problems.databaseUnavailable] },
    schema: requestPasswordReset,
    handler: async (request, reply) => {
      await passwordReset.request(request.body.email, originOf(request));
      return reply.code(202).send();
    },
  });
  app.post('/accounts/password/reset', {
    config: {
      rate: 'sign-in',
      problems: [
        accountProblems.invalidLink,
        accountProblems.weakPassword,
        accountProblems.busy,
        problems.databaseUnavailable,
      ],
    },
    schema: resetPassword,
    handler: async (request, reply) => {
      const { token, new_password } = request.body;
      await passwordReset.reset(token, new_password, originOf(request));
      return reply.code(204).send();
    },
  });
  app.post('/accounts/password/links', {
    ...secured('admin', { problems: [accountProblems.accountNotFound] }),
    schema: sendPasswordReset,
    handler: async (request, reply) => {
      await passwordReset.send(actorOf(request), request.body.email);
      return reply.code(202).send();
    },
  });
};

const tags = ['accounts'];

const requestPasswordReset = {
  operationId: 'requestPasswordReset',
  tags,
  summary: 'Ask for a link to set a new password',
  description:
    'Sends a mail with a link, if an account that can sign in has the e-mail address. The answer is the same for every address. ' +
    'The link works once, for 30 minutes.',
  body: ref(ForgottenPasswordSchema),
  ...accountExamples.requestPasswordReset,
  response: { 202: noContent('If there is such an account, a mail is on its way.') },
};

const resetPassword = {
  operationId: 'resetPassword',
  tags,
  summary: 'Set a new password, by a link',
  description: 'Ends all sessions of the account, and tells its owner by mail.',
  body: ref(PasswordResetSchema),
  ...accountExamples.resetPassword,
  response: { 204: noContent('The password is changed.') },
};

const sendPasswordReset = {
  operationId: 'sendPasswordReset',
  tags,
  summary: 'Send a link to set a new password',
  description: "For administrators. The link goes to the account's e-mail address alone.",
  body: ref(ForgottenPasswordSchema),
  ...accountExamples.requestPasswordReset,
  response: { 202: noContent('A mail is on its way, unless the account is disabled.') },
};
