import { type Static, Type } from '@sinclair/typebox';
import { amount, currency, line, nullable, oneOf, time } from '../../../http/fields.ts';
import { pageOf } from '../../../http/pages.ts';
import { uuid } from '../../../http/responses.ts';
import { timestamp } from '../../../http/timestamp.ts';
import { PROMOTION_TYPES } from '../tables.ts';

const MAX_COUNT = 1_000_000_000;
const count = (description: string) =>
  nullable(Type.Integer({ minimum: 1, maximum: MAX_COUNT, description }));

export const promoCode = Type.String({
  minLength: 1,
  maxLength: 64,
  pattern: '^[A-Za-z0-9_-]+$',
  description: 'Regardless of case.',
});

const type = oneOf(PROMOTION_TYPES, 'What it does; the members that belong to it are required.');

const members = {
  name: line(200, 'What orders call it.'),
  code: nullable({
    ...promoCode,
    description: 'It counts for orders with this code alone; regardless of case.',
  }),
  percentage: nullable(
    Type.Integer({ minimum: 1, maximum: 100, description: 'Of a percentage: per cent off.' }),
  ),
  amount: nullable(amount('Of a fixed one: taken off, in minor units.', 1)),
  buy: nullable(
    Type.Integer({ minimum: 1, maximum: 10_000, description: 'Of buy_x_get_y: units to buy.' }),
  ),
  get: nullable(
    Type.Integer({ minimum: 1, maximum: 10_000, description: 'Of buy_x_get_y: units for free.' }),
  ),
  currency: nullable({
    ...currency,
    description: 'Orders of this currency alone. Required beside amount and minimum_total.',
  }),
  minimum_total: nullable(amount('What the order must cost at least, before discounts.')),
  starts: nullable(timestamp('From when on.')),
  ends: nullable(timestamp('Until when.')),
  products: nullable(
    Type.Array(uuid('A product.'), {
      minItems: 1,
      maxItems: 1000,
      description: 'What it is for; null is everything.',
    }),
  ),
  usage_limit: count('In how many orders, those that are cancelled aside.'),
  usage_limit_per_user: count('In how many orders of one user, those that are cancelled aside.'),
};

const { name, ...optional } = members;
const settable = Type.Partial(Type.Object(optional)).properties;

export const NewPromotionSchema = Type.Object(
  { name, type, ...settable },
  {
    $id: 'NewPromotion',
    additionalProperties: false,
    description: 'A special offer. What is left out, or null, does not restrict it.',
    examples: [
      { name: 'Three for two', type: 'buy_x_get_y', buy: 2, get: 1 },
      { name: 'Welcome', type: 'percentage', percentage: 10, code: 'WELCOME-10' },
    ],
  },
);
export type NewPromotion = Static<typeof NewPromotionSchema>;

export const PromotionChangesSchema = Type.Object(
  { name: Type.Optional(name), ...settable },
  {
    $id: 'PromotionChanges',
    additionalProperties: false,
    minProperties: 1,
    description: 'What to change of a special offer. Its type stays.',
    examples: [{ ends: '2026-12-31T23:59:59Z' }],
  },
);
export type PromotionChanges = Static<typeof PromotionChangesSchema>;

export const PromotionSchema = Type.Object(
  {
    id: uuid('The id of the special offer.'),
    type,
    ...members,
    uses: Type.Integer({
      minimum: 0,
      description: 'Orders that have it, those that are cancelled aside, while it has a limit.',
    }),
    created: time('When it was made.'),
    updated: time('When it was last changed.'),
  },
  { $id: 'Promotion', description: 'A special offer.' },
);
export type Promotion = Static<typeof PromotionSchema>;

export const PromotionPageSchema = pageOf(
  'PromotionPage',
  PromotionSchema,
  'A page of special offers.',
);

export const EXAMPLE_PROMOTION: Promotion = {
  id: '0199a1f0-3c5e-7b1a-9f5e-2f6f0f1c7d40',
  name: 'Welcome',
  type: 'percentage',
  code: 'WELCOME-10',
  percentage: 10,
  amount: null,
  buy: null,
  get: null,
  currency: null,
  minimum_total: null,
  starts: null,
  ends: null,
  products: null,
  usage_limit: null,
  usage_limit_per_user: 1,
  uses: 0,
  created: '2026-01-02T03:04:05.678Z',
  updated: '2026-01-02T03:04:05.678Z',
};

export const namedPromotionSchemas = [
  NewPromotionSchema,
  PromotionChangesSchema,
  PromotionSchema,
  PromotionPageSchema,
];
