import { type Static, Type } from '@sinclair/typebox';
import { currency, line, nullable, oneOf, ref, time, uuid } from '../../../http/fields.ts';
import { pageOf, pageQuery } from '../../../http/pages.ts';
import { promoCode } from '../promotions/schemas.ts';
import { ORDER_STATUSES, PROMOTION_TYPES } from '../tables.ts';

const sum = (description: string) => Type.Integer({ minimum: 0, description });
const status = oneOf(ORDER_STATUSES, 'The status of the order.');

const EXAMPLE_PART = { product: '0199a1f0-3c5e-7b1a-9f5e-2f6f0f1c7d3a', quantity_in_order: 2 };

export const OrderRequestSchema = Type.Object(
  {
    parts: Type.Array(
      Type.Object(
        {
          product: uuid('The product. The quantities of parts with the same product are added up.'),
          quantity_in_order: Type.Integer({ minimum: 1, maximum: 10_000, description: 'Units.' }),
        },
        { additionalProperties: false },
      ),
      { minItems: 1, maxItems: 100, description: 'The products. All are ordered, or none.' },
    ),
    promo_code: Type.Optional(promoCode),
  },
  {
    $id: 'OrderRequest',
    additionalProperties: false,
    description: 'An order to place or to quote.',
  },
);
export type OrderRequest = Static<typeof OrderRequestSchema>;

const OrderPartSchema = Type.Object(
  {
    product: uuid('The product, which may have been deleted since.'),
    quantity_in_order: Type.Integer({ minimum: 1, description: 'Units.' }),
    product_name: line(200, 'The name of the product when it was ordered.'),
    unit_price: sum('The price of the product when it was ordered.'),
    discount: sum('The amount that promotions took off.'),
    total: sum('Units times price, less the discount.'),
  },
  { $id: 'OrderPart', description: 'A product of an order.' },
);

const AppliedPromotionSchema = Type.Object(
  {
    id: uuid('The promotion, which may have been deleted since.'),
    name: Type.String({ description: 'The name of the promotion when the order was placed.' }),
    type: oneOf(PROMOTION_TYPES, 'The kind of discount.'),
    code: nullable(Type.String({ description: 'The promo code that the order was placed with.' })),
    discount: sum('The amount that it took off.'),
  },
  { $id: 'AppliedPromotion', description: 'A promotion that reduced an order.' },
);

const priced = {
  parts: Type.Array(ref(OrderPartSchema), {
    description: 'The products, in the order in which they were first named.',
  }),
  currency,
  subtotal: sum('The amount before discounts, in minor units.'),
  discount: sum('The amount that promotions took off.'),
  total: sum('The amount to pay.'),
  promotions: Type.Array(ref(AppliedPromotionSchema), {
    description: 'The promotions that reduced the order, in the order in which they did.',
  }),
};

export const OrderQuoteSchema = Type.Object(priced, {
  $id: 'OrderQuote',
  description: 'The prices of an order that has not been placed.',
});
export type OrderQuote = Static<typeof OrderQuoteSchema>;

export const OrderSchema = Type.Object(
  {
    id: uuid('The id of the order.'),
    created: time('The time when the order was placed.'),
    user: uuid('The account that placed it.'),
    status,
    ...priced,
  },
  { $id: 'Order', description: 'An order.' },
);
export type Order = Static<typeof OrderSchema>;

export const OrderPageSchema = pageOf('OrderPage', OrderSchema, 'A page of orders.');

export const OrderQuerySchema = Type.Object({
  ...pageQuery,
  status: Type.Optional(status),
  all: Type.Optional(
    Type.Boolean({ description: 'The orders of all users; for administrators.', default: false }),
  ),
});

export const OrderStatusChangeSchema = Type.Object(
  { status },
  {
    $id: 'OrderStatusChange',
    additionalProperties: false,
    description: 'The new status of an order.',
  },
);

export const EXAMPLE_QUOTE: OrderQuote = {
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

export const EXAMPLE_ORDER: Order = {
  id: '0199a1f0-3c5e-7b1a-9f5e-2f6f0f1c7d50',
  created: '2026-01-02T03:04:05.678Z',
  user: '0199a1f0-0000-7b1a-9f5e-2f6f0f1c7d3c',
  status: 'placed',
  ...EXAMPLE_QUOTE,
};

export const orderSchemas = [
  OrderRequestSchema,
  OrderPartSchema,
  AppliedPromotionSchema,
  OrderQuoteSchema,
  OrderSchema,
  OrderPageSchema,
  OrderStatusChangeSchema,
];
