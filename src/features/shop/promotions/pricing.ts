import type { PromotionType } from '../tables.ts';
import { percentageOf, shareOut } from './proportional-split.ts';

/** So many units of one product. Amounts are minor units. */
export interface Line {
  product: string;
  unitPrice: number;
  quantity: number;
}

type Terms =
  | { type: 'percentage'; percentage: number }
  | { type: 'fixed'; amount: number }
  | { type: 'buy_x_get_y'; buy: number; get: number };

/** What a special offer takes off, and which products from; null is all. */
export type Offer = Terms & { id: string; products: ReadonlySet<string> | null };

export interface Pricing {
  subtotal: number;
  discount: number;
  total: number;
  /** For each line, in the same order. */
  parts: { discount: number; total: number }[];
  /** The offers that took something off, in the order in which they did. */
  applied: { id: string; discount: number }[];
}

/** Free units are found before prices are reduced, and shares of a price before fixed amounts. */
const ORDER: readonly PromotionType[] = ['buy_x_get_y', 'percentage', 'fixed'];

interface LineState extends Line {
  /** What is left to pay. */
  left: number;
  /** Units that no offer has counted as bought or given away. */
  uncounted: number;
}

/** What the lines cost with all of the offers. Each takes its part of what those before it have left. */
export function price(lines: readonly Line[], offers: readonly Offer[]): Pricing {
  const states = lines.map(
    (line): LineState => ({
      ...line,
      left: line.unitPrice * line.quantity,
      uncounted: line.quantity,
    }),
  );
  const subtotal = sumOf(states);
  const applied: Pricing['applied'] = [];
  for (const offer of inOrder(offers)) {
    const before = sumOf(states);
    apply(
      offer,
      states.filter(({ product }) => offer.products?.has(product) ?? true),
    );
    const discount = before - sumOf(states);
    if (discount > 0) applied.push({ id: offer.id, discount });
  }
  const total = sumOf(states);
  const parts = states.map(({ unitPrice, quantity, left }) => ({
    discount: unitPrice * quantity - left,
    total: left,
  }));
  return { subtotal, discount: subtotal - total, total, parts, applied };
}

function inOrder(offers: readonly Offer[]): Offer[] {
  return offers.toSorted(
    (a, b) => ORDER.indexOf(a.type) - ORDER.indexOf(b.type) || (a.id < b.id ? -1 : 1),
  );
}

function sumOf(states: readonly LineState[]): number {
  return states.reduce((sum, { left }) => sum + left, 0);
}

function apply(offer: Offer, states: LineState[]): void {
  if (offer.type === 'buy_x_get_y') {
    giveAway(offer, states);
    return;
  }
  const sum = sumOf(states);
  const amount =
    offer.type === 'percentage' ? percentageOf(offer.percentage, sum) : Math.min(offer.amount, sum);
  const shares = shareOut(
    amount,
    states.map(({ left }) => left),
  );
  for (const [index, state] of states.entries()) state.left -= shares[index]!;
}

/** For each whole set of `buy` + `get` units, `get` are free: the cheapest of all. The dearest are bought. */
function giveAway({ buy, get }: { buy: number; get: number }, states: LineState[]): void {
  const cheapestFirst = states.toSorted((a, b) => a.unitPrice - b.unitPrice);
  const units = states.reduce((sum, { uncounted }) => sum + uncounted, 0);
  const sets = Math.floor(units / (buy + get));
  take(cheapestFirst, sets * get, (state, count) => {
    state.left -= count * state.unitPrice;
  });
  take(cheapestFirst.toReversed(), sets * buy, () => undefined);
}

function take(
  states: readonly LineState[],
  count: number,
  use: (state: LineState, count: number) => void,
): void {
  let missing = count;
  for (const state of states) {
    const taken = Math.min(missing, state.uncounted);
    state.uncounted -= taken;
    missing -= taken;
    use(state, taken);
  }
}
