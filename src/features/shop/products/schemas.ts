import { type Static, Type } from '@sinclair/typebox';
import {
  amount,
  currency,
  filterText,
  line,
  nullable,
  text,
  time,
  uuid,
} from '../../../http/fields.ts';
import { pageOf, pageQuery } from '../../../http/pages.ts';
import { DEMO_IDS } from '../demo-ids.ts';

/** Most units of one product that administrators can bring into stock. */
export const MAX_STOCK = 1_000_000_000_000;

const members = {
  name: line(200, 'The name.'),
  description: text(10_000, 'The description.'),
  sku: nullable(line(64, 'Stock keeping unit; no two products have the same.')),
  category: nullable(line(100, 'The category, by which lists can be filtered.')),
  price: amount('In minor units of the currency.'),
  currency,
  photos: Type.Array(
    Type.String({ format: 'uri', pattern: '^https?://', maxLength: 2048, description: 'A URL.' }),
    { maxItems: 10, description: 'The URLs of photos.' },
  ),
};

export const EXAMPLE_PRODUCT = {
  id: DEMO_IDS.mokaPot,
  name: 'Moka pot',
  description: 'Six cups of strong coffee.',
  sku: 'KIT-001',
  category: 'kitchen',
  price: 3490,
  currency: 'EUR',
  quantity_in_stock: 50,
  photos: ['https://images.example/moka-pot.jpg'],
  version: 1,
  etag: '"1-50"',
  created: '2026-01-02T03:04:05.678Z',
  updated: '2026-01-02T03:04:05.678Z',
};

/** The path parameters of a route that ends in `/:id` and does no harm to a product of the demo catalogue. */
export const productParams = Type.Object({
  id: { ...uuid('The product.'), examples: [DEMO_IDS.mokaPot] },
});

export const ProductSchema = Type.Object(
  {
    id: uuid('The id of the product.'),
    ...members,
    quantity_in_stock: Type.Integer({
      minimum: 0,
      description: 'Units. Cancelled orders may raise it above the limit for administrators.',
    }),
    version: Type.Integer({
      minimum: 1,
      description: 'Increases with each update of the product, but not with its stock.',
    }),
    etag: Type.String({ description: 'The entity tag, as in the header `ETag`, for `If-Match`.' }),
    created: time('The time when the product was created.'),
    updated: time('The time of the last update.'),
  },
  { $id: 'Product', description: 'A product of the catalogue.' },
);
export type Product = Static<typeof ProductSchema>;

export const NewProductSchema = Type.Object(
  {
    name: members.name,
    description: Type.Optional(members.description),
    sku: Type.Optional(members.sku),
    category: Type.Optional(members.category),
    price: members.price,
    currency: members.currency,
    quantity_in_stock: Type.Optional(
      Type.Integer({ minimum: 0, maximum: MAX_STOCK, description: 'Units.' }),
    ),
    photos: Type.Optional(members.photos),
  },
  {
    $id: 'NewProduct',
    additionalProperties: false,
    description: 'A product to create.',
  },
);
export type NewProduct = Static<typeof NewProductSchema>;

export const ProductChangesSchema = Type.Partial(Type.Object(members), {
  $id: 'ProductChanges',
  additionalProperties: false,
  minProperties: 1,
  description: 'The members of a product to change. To change the stock, call `moveStock`.',
});
export type ProductChanges = Static<typeof ProductChangesSchema>;

export const ProductPageSchema = pageOf('ProductPage', ProductSchema, 'A page of products.');

const ORDERINGS = ['name', 'price', 'quantity_in_stock', 'created'].flatMap((key) => [
  key,
  `-${key}`,
]);

const bound = (description: string) =>
  Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description }));

export const ProductQuerySchema = Type.Object({
  ...pageQuery,
  min_price: bound('Lowest price, in minor units.'),
  max_price: bound('Highest price, in minor units.'),
  min_stock: bound('Fewest units in stock.'),
  max_stock: bound('Most units in stock.'),
  in_stock: Type.Optional(
    Type.Boolean({ description: 'Only products in stock (true), or out of stock (false).' }),
  ),
  category: Type.Optional(filterText(100, 'Only products of this category.')),
  search: Type.Optional(
    text(200, 'Words, or beginnings of words, of the name or the description, in any order.'),
  ),
  ordering: Type.Unsafe<string>({
    type: 'string',
    enum: ORDERINGS,
    default: '-created',
    description: 'The order; a minus reverses it. Among equals, the lower id comes first.',
  }),
});
export type ProductQuery = Static<typeof ProductQuerySchema>;

export const productSchemas = [
  ProductSchema,
  NewProductSchema,
  ProductChangesSchema,
  ProductPageSchema,
];
