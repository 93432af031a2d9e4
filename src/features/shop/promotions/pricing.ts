import type { PromotionType } from '../tables.ts';
import { percentageOf, splitProportionally } from './proportional-split.ts';

/** The ordered units of one product. Amounts are in minor units. */
export interface Part {
  product: string;
  unitPrice: number;
  quantity: number;
}

type TermsOfType =
  | { type: 'percentage'; percentage: number }
  | { type: 'fixed'; amount: number }
  | { type: 'buy_x_get_y'; buy: number; get: number };

/** The terms of a promotion. It discounts `products` only; null is all products. */
export type PromotionTerms = TermsOfType & { id: string; products: ReadonlySet<string> | null };

export interface Pricing {
  subtotal: number;
  discount: number;
  total: number;
  /** One entry for each part, in the same order. */
  parts: { discount: number; total: number }[];
  /** The promotions that reduced the total, in the order in which they did. */
  applied: { id: string; discount: number }[];
}

/** Free units are determined before prices are reduced, and percentages before fixed amounts. */
const ORDER_OF_TYPES: readonly PromotionType[] = ['buy_x_get_y', 'percentage', 'fixed'];

interface PartState extends Part {
  /** The amount that is still to pay. */
  remaining: number;
  /** Units that no promotion has counted as bought or free. */
  uncounted: number;
}

/** Prices the parts of an order. Each promotion discounts what those before it have left to pay. */
export function priceParts(parts: readonly Part[], promotions: readonly PromotionTerms[]): Pricing {
  const states = parts.map(
    (part): PartState => ({
      ...part,
      remaining: part.unitPrice * part.quantity,
      uncounted: part.quantity,
    }),
  );
  const subtotal = totalOf(states);
  const applied: Pricing['applied'] = [];
  for (const promotion of inOrderOfApplication(promotions)) {
    const before = totalOf(states);
    const discounted = ({ product }: Part) => promotion.products?.has(product) ?? true;
    apply(promotion, states.filter(discounted));
    const discount = before - totalOf(states);
    if (discount > 0) applied.push({ id: promotion.id, discount });
  }
  const total = totalOf(states);
  const priced = states.map(({ unitPrice, quantity, remaining }) => ({
    discount: unitPrice * quantity - remaining,
    total: remaining,
  }));
  return { subtotal, discount: subtotal - total, total, parts: priced, applied };
}

function inOrderOfApplication(promotions: readonly PromotionTerms[]): PromotionTerms[] {
  const rank = ({ type }: PromotionTerms) => ORDER_OF_TYPES.indexOf(type);
  return promotions.toSorted((a, b) => rank(a) - rank(b) || (a.id < b.id ? -1 : 1));
}

function totalOf(states: readonly PartState[]): number {
  return states.reduce((sum, { remaining }) => sum + remaining, 0);
}

function apply(promotion: PromotionTerms, states: PartState[]): void {
  if (promotion.type === 'buy_x_get_y') {
    freeUnits(promotion, states);
    return;
  }
  const sum = totalOf(states);
  const amount =
    promotion.type === 'percentage'
      ? percentageOf(promotion.percentage, sum)
      : Math.min(promotion.amount, sum);
  const weights = states.map(({ remaining }) => remaining);
  const shares = splitProportionally(amount, weights);
  for (const [index, state] of states.entries()) state.remaining -= shares[index]!;
}

/**
 * Makes `get` units free for each whole set of `buy` + `get` units. The free units are the cheapest of all,
 * the bought ones the dearest.
 */
function freeUnits({ buy, get }: { buy: number; get: number }, states: PartState[]): void {
  const cheapestFirst = states.toSorted((a, b) => a.unitPrice - b.unitPrice);
  const units = states.reduce((sum, { uncounted }) => sum + uncounted, 0);
  const sets = Math.floor(units / (buy + get));
  for (const { state, count } of countUnits(cheapestFirst, sets * get)) {
    state.remaining -= count * state.unitPrice;
  }
  countUnits(cheapestFirst.toReversed(), sets * buy);
}

/** Marks units as counted, from the first part on, and returns their number for each part. */
function countUnits(states: readonly PartState[], units: number) {
  let missing = units;
  return states.map((state) => {
    const count = Math.min(missing, state.uncounted);
    state.uncounted -= count;
    missing -= count;
    return { state, count };
  });
}
