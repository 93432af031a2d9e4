import { type Static, Type } from '@sinclair/typebox';
import { currency, line, nullable, oneOf, time } from '../../../http/fields.ts';
import { pageOf, pageQuery } from '../../../http/pages.ts';
import { ProblemSchema, ValidationProblemSchema } from '../../../http/problem.ts';
import { uuid } from '../../../http/responses.ts';
import { promoCode } from '../promotions/schemas.ts';
import { ORDER_STATUSES, PROMOTION_TYPES } from '../tables.ts';

const sum = (description: string) => Type.Integer({ minimum: 0, description });
const status = oneOf(ORDER_STATUSES, 'How far it is.');

const EXAMPLE_PART = { product: '0199a1f0-3c5e-7b1a-9f5e-2f6f0f1c7d3a', quantity_in_order: 2 };

export const OrderRequestSchema = Type.Object(
  {
    parts: Type.Array(
      Type.Object(
        {
          product: uuid('What is ordered. The same product twice is ordered once, with the sum.'),
          quantity_in_order: Type.Integer({ minimum: 1, maximum: 10_000, description: 'Units.' }),
        },
        { additionalProperties: false },
      ),
      { minItems: 1, maxItems: 100, description: 'All of it is ordered, or nothing.' },
    ),
    promo_code: Type.Optional(promoCode),
  },
  {
    $id: 'OrderRequest',
    additionalProperties: false,
    description: 'What to order.',
    examples: [{ parts: [EXAMPLE_PART] }, { parts: [EXAMPLE_PART], promo_code: 'WELCOME-10' }],
  },
);
export type OrderRequest = Static<typeof OrderRequestSchema>;

const OrderPartSchema = Type.Object(
  {
    product: uuid('The product, which may be gone by now.'),
    quantity_in_order: Type.Integer({ minimum: 1, description: 'Units.' }),
    product_name: line(200, 'Its name when it was ordered.'),
    unit_price: sum('Its price when it was ordered.'),
    discount: sum('Taken off by special offers.'),
    total: sum('Units times price, less the discount.'),
  },
  { $id: 'OrderPart', description: 'A product of an order.' },
);

const AppliedPromotionSchema = Type.Object(
  {
    id: uuid('The special offer, which may be gone by now.'),
    name: Type.String({ description: 'Its name when it counted.' }),
    type: oneOf(PROMOTION_TYPES, 'What it does.'),
    code: nullable(Type.String({ description: 'The code that it took.' })),
    discount: sum('Taken off by it.'),
  },
  { $id: 'AppliedPromotion', description: 'A special offer that reduced an order.' },
);

const priced = {
  parts: Type.Array(Type.Unsafe<Static<typeof OrderPartSchema>>(Type.Ref(OrderPartSchema.$id!)), {
    description: 'In the order in which the products were first named.',
  }),
  currency,
  subtotal: sum('Before discounts, in minor units.'),
  discount: sum('Taken off.'),
  total: sum('To pay.'),
  promotions: Type.Array(
    Type.Unsafe<Static<typeof AppliedPromotionSchema>>(Type.Ref(AppliedPromotionSchema.$id!)),
    { description: 'In the order in which they took something off.' },
  ),
};

export const OrderQuoteSchema = Type.Object(priced, {
  $id: 'OrderQuote',
  description: 'What an order would be.',
});

export const OrderSchema = Type.Object(
  {
    id: uuid('The id of the order.'),
    created: time('When it was placed.'),
    user: uuid('The account that placed it.'),
    status,
    ...priced,
  },
  { $id: 'Order', description: 'An order.' },
);

export type Order = Static<typeof OrderSchema>;

export const OrderPageSchema = pageOf('OrderPage', OrderSchema, 'A page of orders.');

export const OrderQuerySchema = Type.Object(
  {
    ...pageQuery,
    status: Type.Optional(status),
    all: Type.Optional(
      Type.Boolean({ description: 'Those of everyone; for administrators.', default: false }),
    ),
  },
  { additionalProperties: false },
);
export type OrderQuery = Static<typeof OrderQuerySchema>;

export const StatusChangeSchema = Type.Object(
  { status },
  {
    $id: 'StatusChange',
    additionalProperties: false,
    description: 'The next status of an order.',
    examples: [{ status: 'paid' }],
  },
);
export type StatusChange = Static<typeof StatusChangeSchema>;

/** A refusal that may say what there is too little of. */
export const OrderProblemSchema = Type.Object(
  {
    ...ProblemSchema.properties,
    errors: ValidationProblemSchema.properties.errors,
    shortages: Type.Optional(
      Type.Array(
        Type.Object({
          product: uuid('What there is too little of.'),
          requested: Type.Integer({ description: 'Units that were asked for.' }),
          available: Type.Integer({ description: 'Units in stock.' }),
        }),
        { description: 'Of `insufficient_stock`: each product of which there is too little.' },
      ),
    ),
  },
  { $id: 'OrderProblem', description: 'An error that may name shortages (RFC 9457).' },
);

export const EXAMPLE_QUOTE = {
  parts: [
    {
      ...EXAMPLE_PART,
      product_name: 'Moka pot',
      unit_price: 3490,
      discount: 698,
      total: 6282,
    },
  ],
  currency: 'EUR',
  subtotal: 6980,
  discount: 698,
  total: 6282,
  promotions: [
    {
      id: '0199a1f0-3c5e-7b1a-9f5e-2f6f0f1c7d40',
      name: 'Welcome',
      type: 'percentage',
      code: 'WELCOME-10',
      discount: 698,
    },
  ],
};

export const EXAMPLE_ORDER = {
  id: '0199a1f0-3c5e-7b1a-9f5e-2f6f0f1c7d50',
  created: '2026-01-02T03:04:05.678Z',
  user: '0199a1f0-0000-7b1a-9f5e-2f6f0f1c7d3c',
  status: 'placed',
  ...EXAMPLE_QUOTE,
};

export const namedOrderSchemas = [
  OrderRequestSchema,
  OrderPartSchema,
  AppliedPromotionSchema,
  OrderQuoteSchema,
  OrderSchema,
  OrderPageSchema,
  StatusChangeSchema,
  OrderProblemSchema,
];
