import type { FastifyInstance } from 'fastify';
import type { Database } from '../../../database/database.ts';
import { isNotModified } from '../../../http/conditional.ts';
import { type IdParams, IdParamsSchema } from '../../../http/fields.ts';
import { toPage } from '../../../http/pages.ts';
import { problems } from '../../../http/problem.ts';
import { emptyResponse, jsonResponse, problemResponses } from '../../../http/responses.ts';
import { examplePage } from '../context.ts';
import { shopProblems } from '../problems.ts';
import type { ShopTables } from '../tables.ts';
import { etagOf } from './etag.ts';
import { listProducts } from './list.ts';
import type { ProductRepository } from './repository.ts';
import {
  EXAMPLE_PRODUCT,
  ProductPageSchema,
  type ProductQuery,
  ProductQuerySchema,
  ProductSchema,
} from './schemas.ts';
import type { SearchLimits } from './search-repository.ts';
import { viewProduct } from './to-product.ts';

export interface PublicCatalogueOptions {
  database: Database<ShopTables>;
  products: ProductRepository;
  publicUrl: string;
  search: SearchLimits;
}

/** What anyone may see, without a token. */
export async function publicCatalogueRoutes(
  app: FastifyInstance,
  { database, products, publicUrl, search }: PublicCatalogueOptions,
) {
  app.get<{ Querystring: ProductQuery }>('/products', {
    schema: listSchema,
    handler: async (request) => {
      const { count, rows } = await database.snapshot((trx) =>
        listProducts(trx, request.query, search),
      );
      return toPage(request, publicUrl, { count, results: rows.map(viewProduct) });
    },
  });
  app.get<{ Params: IdParams }>('/products/:id', {
    schema: getSchema,
    handler: async ({ params, headers }, reply) => {
      const product = await products.find(params.id);
      if (!product) throw shopProblems.productNotFound();
      const etag = etagOf(product);
      reply.header('etag', etag).header('cache-control', 'no-cache');
      if (isNotModified(headers['if-none-match'], etag)) return reply.code(304).send();
      return viewProduct(product);
    },
  });
}

export const ETAG = {
  ETag: { type: 'string', description: 'What If-Match and If-None-Match take.' },
};

const listSchema = {
  operationId: 'listProducts',
  tags: ['shop'],
  summary: 'List products',
  description:
    'Products that pass all of the filters. A page past the last is empty. The words of a search are ' +
    'compared regardless of case and accents. A search of words that very many products have finds the first ' +
    'of them alone, and `count` counts those.',
  security: [],
  querystring: ProductQuerySchema,
  response: {
    200: jsonResponse('A page of products.', ProductPageSchema, {
      one: examplePage(EXAMPLE_PRODUCT),
    }),
    ...problemResponses([problems.validationFailed, problems.databaseUnavailable]),
  },
};

const getSchema = {
  operationId: 'getProduct',
  tags: ['shop'],
  summary: 'Get a product',
  description: 'Answers 304 where If-None-Match has its ETag.',
  security: [],
  params: IdParamsSchema,
  response: {
    200: jsonResponse('The product.', ProductSchema, { moka: EXAMPLE_PRODUCT }, ETAG),
    304: emptyResponse('You have it as it is.'),
    ...problemResponses([
      problems.validationFailed,
      shopProblems.productNotFound,
      problems.databaseUnavailable,
    ]),
  },
};
