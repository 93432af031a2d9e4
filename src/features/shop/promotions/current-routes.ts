import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { NEWEST_FIRST } from '../../../database/keyset.ts';
import { examplePage, PageQuerySchema, sliceOf, toPage } from '../../../http/pages.ts';
import { ok } from '../../../http/responses.ts';
import { accountOf, secured } from '../../../http/secured.ts';
import { CurrentPromotionPageSchema, EXAMPLE_CURRENT_PROMOTION } from './schemas.ts';
import type { PromotionService } from './service.ts';
import { toCurrentPromotion } from './to-promotion.ts';

type Options = { promotions: PromotionService; publicUrl: string };

const listCurrentPromotions = {
  operationId: 'listCurrentPromotions',
  tags: ['shop'],
  summary: 'List current promotions',
  description:
    'The promotions that now reduce each of your orders that meets their conditions, without a promo code. The ' +
    'newest first.',
  querystring: PageQuerySchema,
  response: {
    200: ok('A page of promotions.', CurrentPromotionPageSchema, {
      one: examplePage(EXAMPLE_CURRENT_PROMOTION),
    }),
  },
};

/** Promotions, for customers. */
export const currentPromotionRoutes: FastifyPluginAsyncTypebox<Options> = async (
  app,
  { promotions, publicUrl },
) => {
  app.get('/promotions/current', {
    ...secured('accounts'),
    schema: listCurrentPromotions,
    handler: async (request) => {
      const slice = sliceOf(request.query, NEWEST_FIRST);
      const found = await promotions.listCurrent(accountOf(request).id, slice);
      return toPage({ request, publicUrl, slice, toEntry: toCurrentPromotion }, found);
    },
  });
};
