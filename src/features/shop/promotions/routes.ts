import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { idParams, ref } from '../../../http/fields.ts';
import { examplePage, PageQuerySchema, toPage } from '../../../http/pages.ts';
import { created, noContent, ok } from '../../../http/responses.ts';
import { secured } from '../../../http/secured.ts';
import { toTimestamp } from '../../../http/timestamp.ts';
import { claimFrom, resultFor } from '../../../idempotency/route-support.ts';
import { shopProblems } from '../problems.ts';
import type { PromotionRow } from './repository.ts';
import {
  EXAMPLE_PROMOTION,
  NewPromotionSchema,
  type Promotion,
  PromotionChangesSchema,
  PromotionPageSchema,
  PromotionSchema,
} from './schemas.ts';
import type { PromotionService } from './service.ts';

type Options = { promotions: PromotionService; publicUrl: string };

const tags = ['shop'];
const EXAMPLES = { welcome: EXAMPLE_PROMOTION };

const listPromotions = {
  operationId: 'listPromotions',
  tags,
  summary: 'List promotions',
  description: 'For administrators. The newest first.',
  querystring: PageQuerySchema,
  response: {
    200: ok('A page of promotions.', PromotionPageSchema, { one: examplePage(EXAMPLE_PROMOTION) }),
  },
};

const createPromotion = {
  operationId: 'createPromotion',
  tags,
  summary: 'Create a promotion',
  description:
    'For administrators. A `percentage` promotion takes a percentage off, a `fixed` one an amount, and ' +
    '`buy_x_get_y` makes the cheapest units of each complete set free. A promotion without a promo code ' +
    'applies to all orders that meet its conditions.',
  body: ref(NewPromotionSchema),
  response: { 201: created('The promotion.', PromotionSchema, EXAMPLES) },
};

const getPromotion = {
  operationId: 'getPromotion',
  tags,
  summary: 'Get a promotion',
  description: 'For administrators.',
  params: idParams,
  response: { 200: ok('The promotion.', PromotionSchema, EXAMPLES) },
};

const updatePromotion = {
  operationId: 'updatePromotion',
  tags,
  summary: 'Update a promotion',
  description: 'For administrators. Orders that were placed with it do not change.',
  params: idParams,
  body: ref(PromotionChangesSchema),
  response: { 200: ok('The updated promotion.', PromotionSchema, EXAMPLES) },
};

const deletePromotion = {
  operationId: 'deletePromotion',
  tags,
  summary: 'Delete a promotion',
  description: 'For administrators. Orders that were placed with it do not change.',
  params: idParams,
  response: { 204: noContent('The promotion is deleted.') },
};

/** Promotions; for administrators. */
export const promotionRoutes: FastifyPluginAsyncTypebox<Options> = async (
  app,
  { promotions, publicUrl },
) => {
  const { promotionNotFound, promoCodeTaken } = shopProblems;
  app.get('/promotions', {
    ...secured('admin'),
    schema: listPromotions,
    handler: async (request) => {
      const { count, rows } = await promotions.list(request.query);
      return toPage(request, publicUrl, { count, results: rows.map(toPromotion) });
    },
  });
  app.post('/promotions', {
    ...secured('admin', { idempotent: true, problems: [promoCodeTaken] }),
    schema: createPromotion,
    handler: async (request, reply) => {
      const row = resultFor(reply, await promotions.create(request.body, claimFrom(request)));
      reply.code(201).header('location', `${publicUrl}/promotions/${row.id}`);
      return toPromotion(row);
    },
  });
  app.get('/promotions/:id', {
    ...secured('admin', { problems: [promotionNotFound] }),
    schema: getPromotion,
    handler: async ({ params }) => toPromotion(await promotions.get(params.id)),
  });
  app.patch('/promotions/:id', {
    ...secured('admin', { problems: [promotionNotFound, promoCodeTaken] }),
    schema: updatePromotion,
    handler: async ({ params, body }) => toPromotion(await promotions.update(params.id, body)),
  });
  app.delete('/promotions/:id', {
    ...secured('admin', { problems: [promotionNotFound] }),
    schema: deletePromotion,
    handler: async ({ params }, reply) => {
      await promotions.delete(params.id);
      return reply.code(204).send();
    },
  });
};

function toPromotion(row: PromotionRow): Promotion {
  const { buy_quantity, get_quantity, starts_at, ends_at, created_at, updated_at, ...same } = row;
  return {
    ...same,
    buy: buy_quantity,
    get: get_quantity,
    starts: starts_at === null ? null : toTimestamp(starts_at),
    ends: ends_at === null ? null : toTimestamp(ends_at),
    products: row.products === null ? null : JSON.parse(row.products),
    created: toTimestamp(created_at),
    updated: toTimestamp(updated_at),
  };
}
