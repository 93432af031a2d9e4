import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { NEWEST_FIRST } from '../../../database/keyset.ts';
import { ref } from '../../../http/fields.ts';
import { examplePage, PageQuerySchema, sliceOf, toPage } from '../../../http/pages.ts';
import { ok } from '../../../http/responses.ts';
import { accountOf, secured } from '../../../http/secured.ts';
import { toTimestamp } from '../../../http/timestamp.ts';
import { claimFrom, resultFor } from '../../../idempotency/route-support.ts';
import { shopExamples } from '../examples.ts';
import { shopProblems } from '../problems.ts';
import { ETAG, etagOf } from '../products/etag.ts';
import { EXAMPLE_PRODUCT, ProductSchema, productParams } from '../products/schemas.ts';
import { toProduct } from '../products/to-product.ts';
import type { MovementRow } from './repository.ts';
import {
  EXAMPLE_MOVEMENT,
  StockChangeSchema,
  type StockMovement,
  StockMovementPageSchema,
} from './schemas.ts';
import type { MovementService } from './service.ts';

type Options = { movements: MovementService; publicUrl: string };

const moveStock = {
  operationId: 'moveStock',
  tags: ['shop'],
  summary: 'Move stock',
  description: 'For administrators. Adds or removes units, and records that in the ledger.',
  params: productParams,
  body: ref(StockChangeSchema),
  ...shopExamples.stock,
  response: {
    200: ok('The product with its new stock.', ProductSchema, { moka: EXAMPLE_PRODUCT }, ETAG),
  },
};

const listStockMovements = {
  operationId: 'listStockMovements',
  tags: ['shop'],
  summary: 'List stock movements',
  description:
    'For administrators. All movements of the stock of a product, even of a deleted one; the deltas add up ' +
    'to its stock.',
  params: productParams,
  querystring: PageQuerySchema,
  response: {
    200: ok('A page of the ledger.', StockMovementPageSchema, {
      one: examplePage(EXAMPLE_MOVEMENT),
    }),
  },
};

/** The stock of products, and the ledger of its movements; for administrators. */
export const stockMovementRoutes: FastifyPluginAsyncTypebox<Options> = async (
  app,
  { movements, publicUrl },
) => {
  const { insufficientStock, productNotFound } = shopProblems;
  app.post('/products/:id/stock', {
    ...secured('admin', { idempotent: true, problems: [insufficientStock, productNotFound] }),
    schema: moveStock,
    handler: async (request, reply) => {
      const { params, body } = request;
      const actor = accountOf(request).id;
      const moved = await movements.move(params.id, body.delta, actor, claimFrom(request));
      const row = resultFor(reply, moved);
      reply.header('etag', etagOf(row));
      return toProduct(row);
    },
  });
  app.get('/products/:id/stock', {
    ...secured('admin'),
    schema: listStockMovements,
    handler: async (request) => {
      const slice = sliceOf(request.query, NEWEST_FIRST);
      const found = await movements.list(request.params.id, slice);
      return toPage({ request, publicUrl, slice, toEntry: toStockMovement }, found);
    },
  });
};

function toStockMovement(row: MovementRow): StockMovement {
  return {
    id: row.id,
    product: row.product_id,
    delta: row.delta,
    reason: row.reason,
    order: row.order_id,
    actor: row.actor_id,
    created: toTimestamp(row.created_at),
  };
}
