import type { ProblemType } from '../../../http/problem.ts';
import { shopProblems } from '../problems.ts';
import type { PromotionTerms } from './pricing.ts';
import type { PromotionRow } from './repository.ts';

/** The parts of an order on which its promotions depend. */
export interface OrderFacts {
  currency: string;
  /** Before discounts. */
  subtotal: number;
  products: readonly string[];
}

/** Returns the problem that excludes a promotion from an order, or undefined if it applies. */
export function ineligibilityReason(
  promotion: PromotionRow,
  order: OrderFacts,
  usesByUser: number,
): ProblemType | undefined {
  const { currency, minimum_total, usage_limit, usage_limit_per_user, uses } = promotion;
  const isUsedUp =
    uses >= (usage_limit ?? Number.POSITIVE_INFINITY) ||
    usesByUser >= (usage_limit_per_user ?? Number.POSITIVE_INFINITY);
  if (isUsedUp) return shopProblems.promoCodeUsedUp;
  const products = productsOf(promotion);
  const applies =
    (currency ?? order.currency) === order.currency &&
    (minimum_total ?? 0) <= order.subtotal &&
    order.products.some((id) => products?.has(id) ?? true);
  return applies ? undefined : shopProblems.promoCodeNotApplicable;
}

export function hasUsageLimit({ usage_limit, usage_limit_per_user }: PromotionRow): boolean {
  return usage_limit !== null || usage_limit_per_user !== null;
}

/** Returns the members of a promotion on which prices depend. */
export function termsOf(promotion: PromotionRow): PromotionTerms {
  const { id, type, percentage, amount, buy_quantity, get_quantity } = promotion;
  const common = { id, products: productsOf(promotion) };
  switch (type) {
    case 'percentage':
      return { ...common, type, percentage: percentage! };
    case 'fixed':
      return { ...common, type, amount: amount! };
    case 'buy_x_get_y':
      return { ...common, type, buy: buy_quantity!, get: get_quantity! };
  }
}

function productsOf({ products }: PromotionRow): ReadonlySet<string> | null {
  return products === null ? null : new Set<string>(JSON.parse(products));
}
