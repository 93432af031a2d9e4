import { type Static, Type } from '@sinclair/typebox';
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
import {
  ADMINISTRATOR,
  examplePage,
  forbidStoring,
  MAX_BODY_BYTES,
  userOf,
  windowOf,
} from '../context.ts';
import { shopProblems } from '../problems.ts';
import type { Store } from '../store.ts';
import { etagOf, versionsOf } from './etag.ts';
import { ETAG } from './public-routes.ts';
import {
  EXAMPLE_MOVEMENT,
  EXAMPLE_PRODUCT,
  type NewProduct,
  NewProductSchema,
  type ProductChanges,
  ProductChangesSchema,
  ProductSchema,
  type StockChange,
  StockChangeSchema,
  StockMovementPageSchema,
} from './schemas.ts';
import type { CatalogueService } from './service.ts';
import { viewMovement, viewProduct } from './to-product.ts';

export interface CatalogueAdminOptions {
  catalogue: CatalogueService;
  store: Store;
  publicUrl: string;
}

/** What administrators do with the catalogue. */
export async function catalogueAdminRoutes(app: FastifyInstance, options: CatalogueAdminOptions) {
  const { catalogue, store, publicUrl } = options;
  forbidStoring(app);
  const guarded = { onRequest: app.requireScope(ADMINISTRATOR), bodyLimit: MAX_BODY_BYTES };

  app.post<{ Body: NewProduct; Headers: IdempotencyHeaders }>('/products', {
    ...guarded,
    schema: addSchema,
    handler: async (request, reply) => {
      const once = await catalogue.add(request.body, userOf(request), claimFrom(request));
      const row = resultFor(reply, once);
      reply.code(201).header('location', `/products/${row.id}`).header('etag', etagOf(row));
      return viewProduct(row);
    },
  });
  app.patch<{ Params: IdParams; Body: ProductChanges; Headers: Preconditions }>('/products/:id', {
    ...guarded,
    schema: changeSchema,
    handler: async ({ params, body, headers }, reply) => {
      const row = await catalogue.change(params.id, versionsOf(headers['if-match']), body);
      reply.header('etag', etagOf(row));
      return viewProduct(row);
    },
  });
  app.delete<{ Params: IdParams }>('/products/:id', {
    ...guarded,
    schema: removeSchema,
    handler: async (request, reply) => {
      await catalogue.remove(request.params.id, userOf(request));
      return reply.code(204).send();
    },
  });
  app.post<StockRoute>('/products/:id/stock', {
    ...guarded,
    schema: moveSchema,
    handler: async (request, reply) => {
      const { params, body } = request;
      const claim = claimFrom(request);
      const row = resultFor(
        reply,
        await catalogue.moveStock(params.id, body.delta, userOf(request), claim),
      );
      reply.header('etag', etagOf(row));
      return viewProduct(row);
    },
  });
  app.get<{ Params: IdParams; Querystring: PageQuery }>('/products/:id/stock', {
    ...guarded,
    schema: ledgerSchema,
    handler: async (request) => {
      const { params, query } = request;
      const { count, rows } = await store.snapshot(({ products }) =>
        products.listMovements(params.id, windowOf(query)),
      );
      return toPage(request, publicUrl, { count, results: rows.map(viewMovement) });
    },
  });
}

const PreconditionsSchema = Type.Object({
  'if-match': Type.Optional(
    Type.String({ maxLength: 1000, description: 'The ETag of the product as you know it.' }),
  ),
});
type Preconditions = Static<typeof PreconditionsSchema>;

interface StockRoute {
  Params: IdParams;
  Body: StockChange;
  Headers: IdempotencyHeaders;
}

const common = { tags: ['shop'], security: [{ bearer: [] }] };
const EXAMPLES = { moka: EXAMPLE_PRODUCT };
const PRODUCT = jsonResponse('The product as it is now.', ProductSchema, EXAMPLES, ETAG);
const LOCATION = { Location: { type: 'string', description: 'Where the product is.' } };

const addSchema = {
  ...common,
  operationId: 'addProduct',
  summary: 'Add a product',
  description: 'For administrators.',
  headers: IdempotencyHeadersSchema,
  body: Type.Ref(NewProductSchema.$id!),
  response: {
    201: jsonResponse('The product.', ProductSchema, EXAMPLES, {
      ...ETAG,
      ...LOCATION,
      ...REPLAYED,
    }),
    ...problemResponses([...bodyProblems, ...tokenProblems, shopProblems.skuTaken, ...keyProblems]),
  },
};

const changeSchema = {
  ...common,
  operationId: 'changeProduct',
  summary: 'Change a product',
  description:
    'For administrators. `If-Match` says which version is changed; the stock may have moved since.',
  params: IdParamsSchema,
  headers: PreconditionsSchema,
  body: Type.Ref(ProductChangesSchema.$id!),
  response: {
    200: PRODUCT,
    ...problemResponses([
      ...bodyProblems,
      ...tokenProblems,
      shopProblems.productNotFound,
      shopProblems.skuTaken,
      shopProblems.preconditionFailed,
      shopProblems.preconditionRequired,
    ]),
  },
};

const removeSchema = {
  ...common,
  operationId: 'removeProduct',
  summary: 'Remove a product',
  description: 'For administrators. It leaves the catalogue; orders keep what they say of it.',
  params: IdParamsSchema,
  response: {
    204: emptyResponse('It is gone.'),
    ...problemResponses([
      problems.validationFailed,
      ...tokenProblems,
      shopProblems.productNotFound,
    ]),
  },
};

const moveSchema = {
  ...common,
  operationId: 'moveStock',
  summary: 'Move stock',
  description: 'For administrators. Adds units, or takes them away, and says so in the ledger.',
  params: IdParamsSchema,
  headers: IdempotencyHeadersSchema,
  body: Type.Ref(StockChangeSchema.$id!),
  response: {
    200: jsonResponse('The product with its new stock.', ProductSchema, EXAMPLES, {
      ...ETAG,
      ...REPLAYED,
    }),
    ...problemResponses([
      ...bodyProblems,
      shopProblems.insufficientStock,
      ...tokenProblems,
      shopProblems.productNotFound,
      ...keyProblems,
    ]),
  },
};

const ledgerSchema = {
  ...common,
  operationId: 'listStockMovements',
  summary: 'List stock movements',
  description:
    'For administrators. All that ever moved the stock of a product, also of one that is gone; the ' +
    'deltas add up to its stock.',
  params: IdParamsSchema,
  querystring: Type.Object(pageQuery, { additionalProperties: false }),
  response: {
    200: jsonResponse('A page of the ledger.', StockMovementPageSchema, {
      one: examplePage(EXAMPLE_MOVEMENT),
    }),
    ...problemResponses([problems.validationFailed, problems.notFound, ...tokenProblems]),
  },
};
