import { Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { toPage } from '../../http/pages.ts';
import { problems } from '../../http/problem.ts';
import {
  bodyProblems,
  emptyResponse,
  jsonResponse,
  problemResponses,
} from '../../http/responses.ts';
import { tokenProblems } from '../../http/secured.ts';
import {
  claimFrom,
  type IdempotencyHeaders,
  IdempotencyHeadersSchema,
  keyProblems,
  REPLAYED,
  resultFor,
} from '../../idempotency/route-support.ts';
import { imageProblems } from '../images/problems.ts';
import { tierOf } from '../images/rights.ts';
import { common, LOCATION, MAX_BODY_BYTES, windowOf } from '../images/routes/context.ts';
import { EXAMPLE_TIER, examplePage } from '../images/routes/examples.ts';
import { tierFrom } from '../images/routes/views.ts';
import {
  type NewTierBody,
  NewTierSchema,
  PageQuerySchema,
  type TierChangesBody,
  TierChangesSchema,
  TierPageSchema,
  type TierParams,
  TierParamsSchema,
  TierSchema,
} from '../images/schemas.ts';
import type { TierService } from './service.ts';

export interface TierRouteOptions {
  tiers: TierService;
  publicUrl: string;
}

/** What administrators do. */
export async function tierRoutes(app: FastifyInstance, { tiers, publicUrl }: TierRouteOptions) {
  const onRequest = app.requireScope('admin');

  app.get('/tiers', {
    onRequest,
    schema: listSchema,
    handler: async (request) => {
      const { count, rows } = await tiers.list(windowOf(request));
      return toPage(request, publicUrl, { count, results: rows.map(tierOf) });
    },
  });
  app.get<{ Params: TierParams }>('/tiers/:name', {
    onRequest,
    schema: getSchema,
    handler: async ({ params }) => tiers.get(params.name),
  });
  app.post<{ Body: NewTierBody; Headers: IdempotencyHeaders }>('/tiers', {
    onRequest,
    bodyLimit: MAX_BODY_BYTES,
    schema: createSchema,
    handler: async (request, reply) => {
      const once = await tiers.create(tierFrom(request.body), claimFrom(request));
      const tier = resultFor(reply, once);
      reply.code(201).header('location', `${publicUrl}/tiers/${tier.name}`);
      return tier;
    },
  });
  app.patch<{ Params: TierParams; Body: TierChangesBody }>('/tiers/:name', {
    onRequest,
    bodyLimit: MAX_BODY_BYTES,
    schema: changeSchema,
    handler: async ({ params, body }) => tiers.change(params.name, body),
  });
  app.delete<{ Params: TierParams }>('/tiers/:name', {
    onRequest,
    schema: deleteSchema,
    handler: async ({ params }, reply) => {
      await tiers.remove(params.name);
      return reply.code(204).send();
    },
  });
}

const TIER = jsonResponse('The tier.', TierSchema, { premium: EXAMPLE_TIER });

const listSchema = {
  ...common,
  operationId: 'listTiers',
  summary: 'List tiers',
  description: 'For administrators.',
  querystring: PageQuerySchema,
  response: {
    200: jsonResponse('A page of tiers.', TierPageSchema, { one: examplePage(EXAMPLE_TIER) }),
    ...problemResponses([problems.validationFailed, ...tokenProblems]),
  },
};

const getSchema = {
  ...common,
  operationId: 'getTier',
  summary: 'Get a tier',
  description: 'For administrators.',
  params: TierParamsSchema,
  response: {
    200: TIER,
    ...problemResponses([problems.validationFailed, ...tokenProblems, imageProblems.tierNotFound]),
  },
};

const createSchema = {
  ...common,
  operationId: 'createTier',
  summary: 'Make a tier',
  description: 'For administrators. `PATCH /accounts/{id}` gives it to an account.',
  headers: IdempotencyHeadersSchema,
  body: Type.Ref(NewTierSchema.$id!),
  response: {
    201: jsonResponse(
      'The tier.',
      TierSchema,
      { premium: EXAMPLE_TIER },
      { ...LOCATION, ...REPLAYED },
    ),
    ...problemResponses([
      ...bodyProblems,
      ...tokenProblems,
      imageProblems.tierExists,
      ...keyProblems,
    ]),
  },
};

const changeSchema = {
  ...common,
  operationId: 'updateTier',
  summary: 'Change a tier',
  description:
    'For administrators. It counts at once, also for images that are there: new heights are made when they are first read.',
  params: TierParamsSchema,
  body: Type.Ref(TierChangesSchema.$id!),
  response: {
    200: TIER,
    ...problemResponses([...bodyProblems, ...tokenProblems, imageProblems.tierNotFound]),
  },
};

const deleteSchema = {
  ...common,
  operationId: 'deleteTier',
  summary: 'Delete a tier',
  description: 'For administrators. Not one that accounts have, or that came with Tally.',
  params: TierParamsSchema,
  response: {
    204: emptyResponse('It is gone.'),
    ...problemResponses([
      problems.validationFailed,
      ...tokenProblems,
      imageProblems.tierNotFound,
      imageProblems.tierBuiltIn,
      imageProblems.tierInUse,
    ]),
  },
};
