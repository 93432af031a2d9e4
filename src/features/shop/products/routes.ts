import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import { isNotModified } from '../../../http/conditional.ts';
import { idParams, ref } from '../../../http/fields.ts';
import { examplePage, sliceOf, toPage } from '../../../http/pages.ts';
import { problems } from '../../../http/problem.ts';
import { created, noContent, ok } from '../../../http/responses.ts';
import { accountOf, secured } from '../../../http/secured.ts';
import { claimFrom, resultFor } from '../../../idempotency/route-support.ts';
import { shopExamples } from '../examples.ts';
import { shopProblems } from '../problems.ts';
import { ETAG, etagOf, versionsOf } from './etag.ts';
import { orderingOf } from './repository.ts';
import {
  EXAMPLE_PRODUCT,
  NewProductSchema,
  ProductChangesSchema,
  ProductPageSchema,
  ProductQuerySchema,
  ProductSchema,
  productParams,
} from './schemas.ts';
import type { SearchLimits } from './search-repository.ts';
import type { ProductService } from './service.ts';
import { toProduct } from './to-product.ts';

export interface ProductOptions {
  products: ProductService;
  searchLimits: SearchLimits;
  publicUrl: string;
}

const tags = ['shop'];
const { productNotFound, skuTaken, preconditionFailed, preconditionRequired } = shopProblems;
const EXAMPLES = { moka: EXAMPLE_PRODUCT };

const listProducts = {
  operationId: 'listProducts',
  tags,
  summary: 'List products',
  description:
    'Products that pass all filters. A page past the last is empty. Searches ignore case and accents. If very ' +
    'many products match the words, only the first of them are searched, and `count` counts those found.',
  querystring: ProductQuerySchema,
  response: {
    200: ok('A page of products.', ProductPageSchema, { one: examplePage(EXAMPLE_PRODUCT) }),
  },
};

const createProduct = {
  operationId: 'createProduct',
  tags,
  summary: 'Create a product',
  description: 'For administrators.',
  body: ref(NewProductSchema),
  ...shopExamples.product,
  response: { 201: created('The product.', ProductSchema, EXAMPLES, ETAG) },
};

const getProduct = {
  operationId: 'getProduct',
  tags,
  summary: 'Get a product',
  description: 'Answers 304 if `If-None-Match` has the `ETag` of the product.',
  params: productParams,
  response: {
    200: ok('The product.', ProductSchema, EXAMPLES, ETAG),
    304: noContent('The product has not changed.'),
  },
};

const updateProduct = {
  operationId: 'updateProduct',
  tags,
  summary: 'Update a product',
  description:
    'For administrators. `If-Match` must have the `ETag` of the version that you update; the stock may ' +
    'have changed since.',
  params: productParams,
  headers: Type.Object({
    'if-match': Type.Optional(
      Type.String({
        maxLength: 1000,
        description: 'The `ETag` of the product as you know it, or `*` for any version.',
        examples: ['*'],
      }),
    ),
  }),
  body: ref(ProductChangesSchema),
  ...shopExamples.productChanges,
  response: { 200: ok('The updated product.', ProductSchema, EXAMPLES, ETAG) },
};

const deleteProduct = {
  operationId: 'deleteProduct',
  tags,
  summary: 'Delete a product',
  description: 'For administrators. Orders keep its name and price, and the ledger its movements.',
  params: idParams,
  response: { 204: noContent('The product is deleted.') },
};

/** Products: anyone may read them, administrators may change them. */
export const productRoutes: FastifyPluginAsyncTypebox<ProductOptions> = async (
  app,
  { products, searchLimits, publicUrl },
) => {
  app.get('/products', {
    config: { rate: 'searches', problems: [problems.databaseUnavailable] },
    schema: listProducts,
    handler: async (request) => {
      const slice = sliceOf(request.query, orderingOf(request.query));
      const found = await products.list(request.query, slice, searchLimits);
      return toPage({ request, publicUrl, slice, toEntry: toProduct }, found);
    },
  });
  app.post('/products', {
    ...secured('admin', { idempotent: true, problems: [skuTaken] }),
    schema: createProduct,
    handler: async (request, reply) => {
      const actor = accountOf(request).id;
      const row = resultFor(reply, await products.create(request.body, actor, claimFrom(request)));
      reply.code(201).header('location', `${publicUrl}/products/${row.id}`);
      reply.header('etag', etagOf(row));
      return toProduct(row);
    },
  });
  app.get('/products/:id', {
    config: { problems: [productNotFound, problems.databaseUnavailable] },
    schema: getProduct,
    handler: async ({ params, headers }, reply) => {
      const row = await products.get(params.id);
      const etag = etagOf(row);
      reply.header('etag', etag).header('cache-control', 'no-cache');
      if (isNotModified(headers['if-none-match'], etag)) return reply.code(304).send();
      return toProduct(row);
    },
  });
  app.patch('/products/:id', {
    ...secured('admin', {
      problems: [productNotFound, skuTaken, preconditionFailed, preconditionRequired],
    }),
    schema: updateProduct,
    handler: async ({ params, body, headers }, reply) => {
      const row = await products.update(params.id, versionsOf(headers['if-match']), body);
      reply.header('etag', etagOf(row));
      return toProduct(row);
    },
  });
  app.delete('/products/:id', {
    ...secured('admin', { problems: [productNotFound] }),
    schema: deleteProduct,
    handler: async (request, reply) => {
      await products.delete(request.params.id, accountOf(request).id);
      return reply.code(204).send();
    },
  });
};
