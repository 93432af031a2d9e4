import { defineProblem } from '../../http/problem.ts';

export const shopProblems = {
  unknownProduct: defineProblem(
    400,
    'unknown_product',
    'The catalogue has no such product; "errors" says which.',
  ),
  insufficientStock: defineProblem(
    400,
    'insufficient_stock',
    'There is less in stock than is asked for; "shortages" says of what. Nothing was taken.',
  ),
  mixedCurrencies: defineProblem(
    400,
    'mixed_currencies',
    'The products of one order must have one currency.',
  ),
  unknownPromoCode: defineProblem(
    400,
    'unknown_promo_code',
    'There is no special offer with this code now.',
  ),
  promoCodeUsedUp: defineProblem(
    400,
    'promo_code_used_up',
    'This code has been used as often as it may be, by all or by you.',
  ),
  promoCodeNotApplicable: defineProblem(
    400,
    'promo_code_not_applicable',
    'The order does not meet the conditions of this code.',
  ),
  administratorsOnly: defineProblem(
    403,
    'administrators_only',
    'Only administrators may see the orders of everyone.',
  ),
  productNotFound: defineProblem(404, 'product_not_found', 'There is no product with this id.'),
  orderNotFound: defineProblem(404, 'order_not_found', 'You have no order with this id.'),
  promotionNotFound: defineProblem(
    404,
    'promotion_not_found',
    'There is no special offer with this id.',
  ),
  skuTaken: defineProblem(409, 'sku_taken', 'Another product has this SKU.'),
  codeTaken: defineProblem(409, 'code_taken', 'Another special offer has this code.'),
  invalidTransition: defineProblem(
    409,
    'invalid_transition',
    'An order of this status cannot get that one.',
  ),
  preconditionFailed: defineProblem(
    412,
    'precondition_failed',
    'The product was changed meanwhile. Get it again, and send its new ETag.',
  ),
  preconditionRequired: defineProblem(
    428,
    'precondition_required',
    'Send the ETag of the product that you change as If-Match.',
  ),
} as const;
