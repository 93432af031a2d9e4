import { type Static, Type } from '@sinclair/typebox';
import {
  amount,
  currency,
  filterText,
  line,
  nullable,
  oneOf,
  text,
  time,
} from '../../../http/fields.ts';
import { pageOf, pageQuery } from '../../../http/pages.ts';
import { uuid } from '../../../http/responses.ts';
import { MOVEMENT_REASONS } from '../tables.ts';

/** The most of one product that can be in stock. */
export const MAX_STOCK = 1_000_000_000_000;

const members = {
  name: line(200, 'What it is called.'),
  description: text(10_000, 'What there is to say about it.'),
  sku: nullable(line(64, 'Stock keeping unit: no two products have the same.')),
  category: nullable(line(100, 'One category, as it is filtered by.')),
  price: amount('In minor units of the currency.'),
  currency,
  photos: Type.Array(
    Type.String({ format: 'uri', pattern: '^https?://', maxLength: 2048, description: 'A URL.' }),
    { maxItems: 10, description: 'Where its pictures are.' },
  ),
};
const quantityInStock = Type.Integer({ minimum: 0, maximum: MAX_STOCK, description: 'Units.' });

export const EXAMPLE_PRODUCT = {
  id: '0199a1f0-3c5e-7b1a-9f5e-2f6f0f1c7d3a',
  name: 'Moka pot',
  description: 'Six cups of strong coffee.',
  sku: 'KIT-001',
  category: 'kitchen',
  price: 3490,
  currency: 'EUR',
  quantity_in_stock: 50,
  photos: ['https://images.example/moka-pot.jpg'],
  version: 1,
  created: '2026-01-02T03:04:05.678Z',
  updated: '2026-01-02T03:04:05.678Z',
};

export const ProductSchema = Type.Object(
  {
    id: uuid('The id of the product.'),
    ...members,
    quantity_in_stock: Type.Integer({
      minimum: 0,
      description: 'Units. What cancelled orders give back may exceed what can be brought in.',
    }),
    version: Type.Integer({
      minimum: 1,
      description: 'Grows with each change of the product, but not with its stock.',
    }),
    created: time('When it came into the catalogue.'),
    updated: time('When it was last changed; orders do not count.'),
  },
  { $id: 'Product', description: 'Something to buy.' },
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
    quantity_in_stock: Type.Optional(quantityInStock),
    photos: Type.Optional(members.photos),
  },
  {
    $id: 'NewProduct',
    additionalProperties: false,
    description: 'A product that is not in the catalogue yet.',
    examples: [
      {
        name: 'Moka pot',
        description: 'Six cups of strong coffee.',
        sku: 'KIT-001',
        category: 'kitchen',
        price: 3490,
        currency: 'EUR',
        quantity_in_stock: 50,
      },
    ],
  },
);
export type NewProduct = Static<typeof NewProductSchema>;

export const ProductChangesSchema = Type.Partial(Type.Object(members), {
  $id: 'ProductChanges',
  additionalProperties: false,
  minProperties: 1,
  description: 'What to change of a product. The stock has a route of its own.',
  examples: [{ price: 2990 }],
});
export type ProductChanges = Static<typeof ProductChangesSchema>;

export const StockChangeSchema = Type.Object(
  {
    delta: Type.Integer({
      minimum: -MAX_STOCK,
      maximum: MAX_STOCK,
      not: { enum: [0] },
      description: 'Units that come in, or, below zero, go out.',
    }),
  },
  {
    $id: 'StockChange',
    additionalProperties: false,
    description: 'A movement of stock that is no order.',
    examples: [{ delta: 20 }],
  },
);
export type StockChange = Static<typeof StockChangeSchema>;

export const StockMovementSchema = Type.Object(
  {
    id: uuid('The id of the movement.'),
    product: uuid('What moved.'),
    delta: Type.Integer({ description: 'Units that came in, or, below zero, went out.' }),
    reason: oneOf(MOVEMENT_REASONS, 'Why.'),
    order: nullable(uuid('The order that took them or gave them back.')),
    actor: nullable(uuid('The account that did it; null for the demo catalogue.')),
    created: time('When.'),
  },
  { $id: 'StockMovement', description: 'An entry of the ledger.' },
);
export type StockMovement = Static<typeof StockMovementSchema>;

export const ProductPageSchema = pageOf('ProductPage', ProductSchema, 'A page of the catalogue.');
export const StockMovementPageSchema = pageOf(
  'StockMovementPage',
  StockMovementSchema,
  'A page of the ledger of a product, the latest movement first.',
);

const ORDERINGS = ['name', 'price', 'quantity_in_stock', 'created'].flatMap((key) => [
  key,
  `-${key}`,
]);

const bound = (description: string) =>
  Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description }));

export const ProductQuerySchema = Type.Object(
  {
    ...pageQuery,
    min_price: bound('In minor units.'),
    max_price: bound('In minor units.'),
    min_stock: bound('Units.'),
    max_stock: bound('Units.'),
    in_stock: Type.Optional(
      Type.Boolean({ description: 'Only products that are in stock, or only those that are not.' }),
    ),
    category: Type.Optional(filterText(100, 'Only products of this category.')),
    search: Type.Optional(
      text(200, 'Words, or their beginnings, that the name or description has, in any order.'),
    ),
    ordering: Type.Unsafe<string>({
      type: 'string',
      enum: ORDERINGS,
      default: '-created',
      description: 'What comes first; a minus turns it round. Among equals, the lower id.',
    }),
  },
  { additionalProperties: false },
);
export type ProductQuery = Static<typeof ProductQuerySchema>;

export const EXAMPLE_MOVEMENT: StockMovement = {
  id: '0199a1f0-3c5e-7b1a-9f5e-2f6f0f1c7d3b',
  product: EXAMPLE_PRODUCT.id,
  delta: 50,
  reason: 'created',
  order: null,
  actor: '0199a1f0-0000-7b1a-9f5e-2f6f0f1c7d3c',
  created: '2026-01-02T03:04:05.678Z',
};

export const namedCatalogueSchemas = [
  ProductSchema,
  NewProductSchema,
  ProductChangesSchema,
  StockChangeSchema,
  StockMovementSchema,
  ProductPageSchema,
  StockMovementPageSchema,
];
