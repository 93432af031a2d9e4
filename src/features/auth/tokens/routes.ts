import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { TSchema } from '@sinclair/typebox';
import type { FastifyContextConfig, FastifyRequest } from 'fastify';
import { ref } from '../../../http/fields.ts';
import type { ProblemType } from '../../../http/problem.ts';
import { noStore, ok } from '../../../http/responses.ts';

/** A way to authenticate at `POST /auth`. */
export interface Authentication {
  description: string;
  body: TSchema;
  bodyExamples: object;
  /** Schema and example of the token response. */
  token: TSchema;
  /** Further named schemas that these refer to. */
  schemas?: readonly TSchema[];
  example: object;
  problems: readonly ProblemType[];
  rate: NonNullable<FastifyContextConfig['rate']>;
  /** Scopes that its tokens can have. */
  scopes: readonly string[];
  authenticate(body: unknown, request: FastifyRequest): Promise<object>;
}

export const tokenRoutes: FastifyPluginAsyncTypebox<{ authentication: Authentication }> = async (
  app,
  { authentication },
) => {
  const {
    description,
    body,
    bodyExamples,
    token,
    schemas = [],
    example,
    problems,
    rate,
  } = authentication;
  for (const schema of [body, token, ...schemas]) app.addSchema(schema);
  app.post('/auth', {
    config: { rate, problems },
    schema: {
      operationId: 'authenticate',
      tags: ['auth'],
      summary: 'Get a token',
      description,
      body: ref(body),
      ...bodyExamples,
      response: { 200: ok('A token.', token, { default: example }, noStore) },
    },
    handler: async (request, reply) => {
      reply.header('cache-control', 'no-store');
      return authentication.authenticate(request.body, request);
    },
  });
};
