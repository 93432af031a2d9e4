import type { Problem } from '../../../http/problem.ts';
import { shopProblems } from '../problems.ts';
import type { Offer } from './pricing.ts';
import type { PromotionRow } from './repository.ts';

/** What of an order decides which offers it gets. */
export interface OrderFacts {
  currency: string;
  /** Before discounts. */
  subtotal: number;
  products: readonly string[];
}

/** Why an offer does not count for an order, or undefined if it does. */
export function obstacleOf(
  promotion: PromotionRow,
  order: OrderFacts,
  ownUses: number,
): (() => Problem) | undefined {
  const { currency, minimum_total, usage_limit, usage_limit_per_user, uses } = promotion;
  if (uses >= (usage_limit ?? Number.POSITIVE_INFINITY)) return shopProblems.promoCodeUsedUp;
  if (ownUses >= (usage_limit_per_user ?? Number.POSITIVE_INFINITY)) {
    return shopProblems.promoCodeUsedUp;
  }
  const products = productsOf(promotion);
  const applies =
    (currency ?? order.currency) === order.currency &&
    (minimum_total ?? 0) <= order.subtotal &&
    order.products.some((id) => products?.has(id) ?? true);
  return applies ? undefined : shopProblems.promoCodeNotApplicable;
}

export function isLimited({ usage_limit, usage_limit_per_user }: PromotionRow): boolean {
  return usage_limit !== null || usage_limit_per_user !== null;
}

export function productsOf({ products }: PromotionRow): ReadonlySet<string> | null {
  return products === null ? null : new Set<string>(JSON.parse(products));
}

export function offerOf(promotion: PromotionRow): Offer {
  const common = { id: promotion.id, products: productsOf(promotion) };
  switch (promotion.type) {
    case 'percentage':
      return { ...common, type: 'percentage', percentage: promotion.percentage! };
    case 'fixed':
      return { ...common, type: 'fixed', amount: promotion.amount! };
    case 'buy_x_get_y':
      return {
        ...common,
        type: 'buy_x_get_y',
        buy: promotion.buy_quantity!,
        get: promotion.get_quantity!,
      };
  }
}
