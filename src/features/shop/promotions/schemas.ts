import { type Static, type TProperties, Type } from '@sinclair/typebox';
import { amount, currency, line, nullable, oneOf, ref, time, uuid } from '../../../http/fields.ts';
import { pageOf } from '../../../http/pages.ts';
import { timestamp } from '../../../http/timestamp.ts';
import { PROMOTION_TYPES, type PromotionType } from '../tables.ts';

const usageLimit = (description: string) =>
  nullable(Type.Integer({ minimum: 1, maximum: 1_000_000_000, description }));

const units = (description: string) => Type.Integer({ minimum: 1, maximum: 10_000, description });

export const promoCode = Type.String({
  minLength: 1,
  maxLength: 64,
  pattern: '^[A-Za-z0-9_-]+$',
  description: 'The promo code, in upper or lower case.',
});

const name = line(200, 'The name, as orders show it.');
const type = oneOf(PROMOTION_TYPES, 'The kind of discount.');

/** The members that belong to one type of promotion. */
const terms = {
  percentage: Type.Integer({ minimum: 1, maximum: 100, description: 'The percentage taken off.' }),
  amount: amount('The amount taken off, in minor units.', 1),
  buy: units('Units to buy.'),
  get: units('Units that are free.'),
};

const conditions = {
  code: nullable({
    ...promoCode,
    description: 'Restricts it to orders with this promo code, in upper or lower case.',
  }),
  currency: nullable({
    ...currency,
    description: 'Restricts it to orders in this currency. Required with amount and minimum_total.',
  }),
  minimum_total: nullable(amount('The least total of an order, before discounts.')),
  starts: nullable(timestamp('The time from which it runs.')),
  ends: nullable(timestamp('The time at which it ends.')),
  products: nullable(
    Type.Array(uuid('A product.'), {
      minItems: 1,
      maxItems: 1000,
      description: 'The products that it discounts; null is all products.',
    }),
  ),
  usage_limit: usageLimit('Most orders with it, except cancelled ones.'),
  usage_limit_per_user: usageLimit('Most orders of one user with it, except cancelled ones.'),
};
const optionalConditions = Type.Partial(Type.Object(conditions)).properties;

const termsOrNull = {
  percentage: nullable(terms.percentage),
  amount: nullable(terms.amount),
  buy: nullable(terms.buy),
  get: nullable(terms.get),
};

function newPromotion<T extends PromotionType, M extends TProperties>(
  $id: string,
  typeName: T,
  description: string,
  members: M,
) {
  return Type.Object(
    { name, type: oneOf([typeName], 'The kind of discount.'), ...optionalConditions, ...members },
    { $id, additionalProperties: false, description },
  );
}

const NewPercentagePromotionSchema = newPromotion(
  'NewPercentagePromotion',
  'percentage',
  'A promotion that takes a percentage off.',
  { percentage: terms.percentage },
);
const NewFixedPromotionSchema = newPromotion(
  'NewFixedPromotion',
  'fixed',
  'A promotion that takes an amount off.',
  { amount: terms.amount, currency: { ...currency, description: 'The currency of the amount.' } },
);
const NewBuyXGetYPromotionSchema = newPromotion(
  'NewBuyXGetYPromotion',
  'buy_x_get_y',
  'A promotion that makes the cheapest units of each complete set free.',
  { buy: terms.buy, get: terms.get },
);

export type NewPromotion =
  | Static<typeof NewPercentagePromotionSchema>
  | Static<typeof NewFixedPromotionSchema>
  | Static<typeof NewBuyXGetYPromotionSchema>;

export const NewPromotionSchema = Type.Unsafe<NewPromotion>({
  $id: 'NewPromotion',
  type: 'object',
  oneOf: [
    ref(NewPercentagePromotionSchema),
    ref(NewFixedPromotionSchema),
    ref(NewBuyXGetYPromotionSchema),
  ],
  discriminator: { propertyName: 'type' },
  description: 'A promotion to create. Conditions that are left out, or null, do not restrict it.',
});

export const PromotionChangesSchema = Type.Partial(
  Type.Object({ name, ...termsOrNull, ...conditions }),
  {
    $id: 'PromotionChanges',
    additionalProperties: false,
    minProperties: 1,
    description: 'The members of a promotion to change. Its type cannot change.',
  },
);
export type PromotionChanges = Static<typeof PromotionChangesSchema>;

export const PromotionSchema = Type.Object(
  {
    id: uuid('The id of the promotion.'),
    type,
    name,
    ...termsOrNull,
    ...conditions,
    uses: Type.Integer({
      minimum: 0,
      description: 'Orders with it, except cancelled ones; counted while it has a usage limit.',
    }),
    created: time('The time when the promotion was created.'),
    updated: time('The time of the last update.'),
  },
  { $id: 'Promotion', description: 'A promotion.' },
);
export type Promotion = Static<typeof PromotionSchema>;

const { currency: ofCurrency, minimum_total, ends, products, usage_limit_per_user } = conditions;

const CurrentPromotionSchema = Type.Object(
  {
    id: uuid('The id of the promotion.'),
    type,
    name,
    ...termsOrNull,
    currency: ofCurrency,
    minimum_total,
    ends,
    products,
    usage_limit_per_user,
  },
  { $id: 'CurrentPromotion', description: 'A promotion, as customers see it.' },
);
export type CurrentPromotion = Static<typeof CurrentPromotionSchema>;

export const CurrentPromotionPageSchema = pageOf(
  'CurrentPromotionPage',
  CurrentPromotionSchema,
  'A page of promotions, the newest first.',
);

export const PromotionPageSchema = pageOf(
  'PromotionPage',
  PromotionSchema,
  'A page of promotions.',
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

export const EXAMPLE_CURRENT_PROMOTION: CurrentPromotion = {
  id: '0199a1f0-3c5e-7b1a-9f5e-2f6f0f1c7d41',
  name: 'Three mugs for two',
  type: 'buy_x_get_y',
  percentage: null,
  amount: null,
  buy: 2,
  get: 1,
  currency: null,
  minimum_total: null,
  ends: null,
  products: ['0199a1f0-3c5e-7b1a-9f5e-2f6f0f1c7d3a'],
  usage_limit_per_user: null,
};

export const promotionSchemas = [
  NewPercentagePromotionSchema,
  NewFixedPromotionSchema,
  NewBuyXGetYPromotionSchema,
  NewPromotionSchema,
  PromotionChangesSchema,
  PromotionSchema,
  PromotionPageSchema,
  CurrentPromotionSchema,
  CurrentPromotionPageSchema,
];
