import { Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { type IdParams, IdParamsSchema } from '../../../http/fields.ts';
import { type PageQuery, pageQuery, toPage } from '../../../http/pages.ts';
import { problems } from '../../../http/problem.ts';
import {
  bodyProblems,
  emptyResponse,
  jsonResponse,
  problemResponses,
} from '../../../http/responses.ts';
import { tokenProblems } from '../../../http/secured.ts';
import {
  claimFrom,
  type IdempotencyHeaders,
  IdempotencyHeadersSchema,
  keyProblems,
  REPLAYED,
  resultFor,
} from '../../../idempotency/route-support.ts';
import { ADMINISTRATOR, examplePage, forbidStoring, MAX_BODY_BYTES, windowOf } from '../context.ts';
import { shopProblems } from '../problems.ts';
import type { Store } from '../store.ts';
import type { PromotionRow } from './repository.ts';
import {
  EXAMPLE_PROMOTION,
  type NewPromotion,
  NewPromotionSchema,
  type Promotion,
  type PromotionChanges,
  PromotionChangesSchema,
  PromotionPageSchema,
  PromotionSchema,
} from './schemas.ts';
import type { PromotionService } from './service.ts';

export interface PromotionOptions {
  service: PromotionService;
  store: Store;
  publicUrl: string;
}

/** Special offers; for administrators. */
export async function promotionRoutes(app: FastifyInstance, options: PromotionOptions) {
  const { service, store, publicUrl } = options;
  forbidStoring(app);
  const guarded = { onRequest: app.requireScope(ADMINISTRATOR), bodyLimit: MAX_BODY_BYTES };

  app.get<{ Querystring: PageQuery }>('/promotions', {
    ...guarded,
    schema: listSchema,
    handler: async (request) => {
      const { count, rows } = await store.snapshot(({ promotions }) =>
        promotions.list(windowOf(request.query)),
      );
      return toPage(request, publicUrl, { count, results: rows.map(viewPromotion) });
    },
  });
  app.post<{ Body: NewPromotion; Headers: IdempotencyHeaders }>('/promotions', {
    ...guarded,
    schema: addSchema,
    handler: async (request, reply) => {
      const row = resultFor(reply, await service.add(request.body, claimFrom(request)));
      reply.code(201).header('location', `/promotions/${row.id}`);
      return viewPromotion(row);
    },
  });
  app.get<{ Params: IdParams }>('/promotions/:id', {
    ...guarded,
    schema: getSchema,
    handler: async ({ params }) => viewPromotion(await service.get(params.id)),
  });
  app.patch<{ Params: IdParams; Body: PromotionChanges }>('/promotions/:id', {
    ...guarded,
    schema: changeSchema,
    handler: async ({ params, body }) => viewPromotion(await service.change(params.id, body)),
  });
  app.delete<{ Params: IdParams }>('/promotions/:id', {
    ...guarded,
    schema: removeSchema,
    handler: async ({ params }, reply) => {
      await service.remove(params.id);
      return reply.code(204).send();
    },
  });
}

const rfc3339 = (time: number | null) => (time === null ? null : new Date(time).toISOString());

function viewPromotion(row: PromotionRow): Promotion {
  const { buy_quantity, get_quantity, starts_at, ends_at, created_at, updated_at, ...same } = row;
  return {
    ...same,
    buy: buy_quantity,
    get: get_quantity,
    starts: rfc3339(starts_at),
    ends: rfc3339(ends_at),
    products: row.products === null ? null : JSON.parse(row.products),
    created: new Date(created_at).toISOString(),
    updated: new Date(updated_at).toISOString(),
  };
}

const common = { tags: ['shop'], security: [{ bearer: [] }] };
const EXAMPLES = { welcome: EXAMPLE_PROMOTION };
const PROMOTION = jsonResponse('The special offer.', PromotionSchema, EXAMPLES);
const TERMS =
  'A `percentage` takes its share off, a `fixed` one an amount, `buy_x_get_y` gives the cheapest units of ' +
  'each whole set away. One without a code counts for all orders that meet its conditions.';

const listSchema = {
  ...common,
  operationId: 'listPromotions',
  summary: 'List special offers',
  description: 'For administrators. The newest first.',
  querystring: Type.Object(pageQuery, { additionalProperties: false }),
  response: {
    200: jsonResponse('A page of special offers.', PromotionPageSchema, {
      one: examplePage(EXAMPLE_PROMOTION),
    }),
    ...problemResponses([problems.validationFailed, ...tokenProblems]),
  },
};

const addSchema = {
  ...common,
  operationId: 'addPromotion',
  summary: 'Add a special offer',
  description: `For administrators. ${TERMS}`,
  headers: IdempotencyHeadersSchema,
  body: Type.Ref(NewPromotionSchema.$id!),
  response: {
    201: jsonResponse('The special offer.', PromotionSchema, EXAMPLES, {
      Location: { type: 'string', description: 'Where it is.' },
      ...REPLAYED,
    }),
    ...problemResponses([
      ...bodyProblems,
      ...tokenProblems,
      shopProblems.codeTaken,
      ...keyProblems,
    ]),
  },
};

const notFound = [problems.validationFailed, ...tokenProblems, shopProblems.promotionNotFound];

const getSchema = {
  ...common,
  operationId: 'getPromotion',
  summary: 'Get a special offer',
  description: 'For administrators.',
  params: IdParamsSchema,
  response: { 200: PROMOTION, ...problemResponses(notFound) },
};

const changeSchema = {
  ...common,
  operationId: 'changePromotion',
  summary: 'Change a special offer',
  description: 'For administrators. Orders that have it stay as they are.',
  params: IdParamsSchema,
  body: Type.Ref(PromotionChangesSchema.$id!),
  response: {
    200: PROMOTION,
    ...problemResponses([
      ...bodyProblems,
      ...tokenProblems,
      shopProblems.promotionNotFound,
      shopProblems.codeTaken,
    ]),
  },
};

const removeSchema = {
  ...common,
  operationId: 'removePromotion',
  summary: 'Remove a special offer',
  description: 'For administrators. Orders that have it stay as they are.',
  params: IdParamsSchema,
  response: { 204: emptyResponse('It is gone.'), ...problemResponses(notFound) },
};
