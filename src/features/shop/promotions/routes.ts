import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { NEWEST_FIRST } from '../../../database/keyset.ts';
import { idParams, ref } from '../../../http/fields.ts';
import { examplePage, PageQuerySchema, sliceOf, toPage } from '../../../http/pages.ts';
import { created, noContent, ok } from '../../../http/responses.ts';
import { secured } from '../../../http/secured.ts';
import { claimFrom, resultFor } from '../../../idempotency/route-support.ts';
import { shopExamples } from '../examples.ts';
import { shopProblems } from '../problems.ts';
import {
  EXAMPLE_PROMOTION,
  NewPromotionSchema,
  PromotionChangesSchema,
  PromotionPageSchema,
  PromotionSchema,
} from './schemas.ts';
import type { PromotionService } from './service.ts';
import { toPromotion } from './to-promotion.ts';

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
  ...shopExamples.promotion,
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
  ...shopExamples.promotionChanges,
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
      const slice = sliceOf(request.query, NEWEST_FIRST);
      const found = await promotions.list(slice);
      return toPage({ request, publicUrl, slice, toEntry: toPromotion }, found);
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
