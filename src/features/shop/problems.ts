import { Type } from '@sinclair/typebox';
import { uuid } from '../../http/fields.ts';
import { defineProblem, ProblemSchema, ValidationProblemSchema } from '../../http/problem.ts';

export const ShortageProblemSchema = Type.Object(
  {
    ...ProblemSchema.properties,
    errors: ValidationProblemSchema.properties.errors,
    shortages: Type.Optional(
      Type.Array(
        Type.Object({
          product: uuid('The product.'),
          requested: Type.Integer({ description: 'The requested units.' }),
          available: Type.Integer({ description: 'The units in stock.' }),
        }),
        { description: 'With `insufficient_stock`: each product of which there is too little.' },
      ),
    ),
  },
  { $id: 'ShortageProblem', description: 'An error that may list shortages (RFC 9457).' },
);

export const shopProblems = {
  unknownProduct: defineProblem(
    400,
    'unknown_product',
    'The catalogue has no such product; "errors" names it. Remove it from the order.',
    { when: 'The catalogue has no such product; `errors` names it. Remove it from the order.' },
  ),
  insufficientStock: defineProblem(
    400,
    'insufficient_stock',
    'There is too little in stock; "shortages" lists the products. Nothing was taken; ask for less.',
    {
      when: 'There is too little in stock; `shortages` lists `product`, `requested` and `available`. Nothing was taken.',
      schema: ShortageProblemSchema,
      example: {
        shortages: [
          { product: '0199a1f0-3c5e-7b1a-9f5e-2f6f0f1c7d3a', requested: 2, available: 1 },
        ],
      },
    },
  ),
  mixedCurrencies: defineProblem(
    400,
    'mixed_currencies',
    'The products of an order must have the same currency. Place one order for each currency.',
  ),
  unknownPromoCode: defineProblem(
    400,
    'unknown_promo_code',
    'No promotion with this promo code runs now. Check its spelling, or order without it.',
  ),
  promoCodeUsedUp: defineProblem(
    400,
    'promo_code_used_up',
    'This promo code has reached its usage limit, overall or for you. Order without it.',
  ),
  promoCodeNotApplicable: defineProblem(
    400,
    'promo_code_not_applicable',
    'The order does not meet the conditions of this promo code. Change the order, or order without it.',
  ),
  productNotFound: defineProblem(404, 'product_not_found', 'No product has this id.'),
  orderNotFound: defineProblem(404, 'order_not_found', 'None of your orders has this id.'),
  promotionNotFound: defineProblem(404, 'promotion_not_found', 'No promotion has this id.'),
  skuTaken: defineProblem(409, 'sku_taken', 'Another product has this SKU. Choose another one.'),
  promoCodeTaken: defineProblem(
    409,
    'promo_code_taken',
    'Another promotion has this promo code. Choose another one.',
  ),
  invalidTransition: defineProblem(
    409,
    'invalid_transition',
    'The status of the order does not allow this change.',
  ),
  preconditionFailed: defineProblem(
    412,
    'precondition_failed',
    'The product has changed since. Get it again, and send its new ETag.',
    { when: 'The product has changed since. Get it again, and send its new `ETag`.' },
  ),
  preconditionRequired: defineProblem(
    428,
    'precondition_required',
    'Send If-Match with the ETag of the product.',
    { when: 'Send `If-Match` with the `ETag` of the product.' },
  ),
} as const;
