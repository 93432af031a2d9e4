import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Part,
  type PromotionTerms,
  priceParts,
} from '../../../../src/features/shop/promotions/pricing.ts';
import {
  percentageOf,
  splitProportionally,
} from '../../../../src/features/shop/promotions/proportional-split.ts';

const part = (product: string, unitPrice: number, quantity: number): Part => ({
  product,
  unitPrice,
  quantity,
});
const percentage = (percent: number, products: string[] | null = null): PromotionTerms => ({
  id: `p${percent}`,
  type: 'percentage',
  percentage: percent,
  products: products && new Set(products),
});
const fixed = (amount: number): PromotionTerms => ({
  id: `f${amount}`,
  type: 'fixed',
  amount,
  products: null,
});
const buyGet = (
  buy: number,
  get: number,
  products: string[] | null = null,
  id = 'b',
): PromotionTerms => ({
  id,
  type: 'buy_x_get_y',
  buy,
  get,
  products: products && new Set(products),
});

const amounts = fc.integer({ min: 0, max: 1_000_000_000 });
const partLists = fc.uniqueArray(
  fc.record({
    product: fc.constantFrom(...'abcdef'),
    unitPrice: amounts,
    quantity: fc.integer({ min: 1, max: 10_000 }),
  }),
  { selector: ({ product }) => product, minLength: 1 },
);
const products = fc.option(
  fc.uniqueArray(fc.constantFrom(...'abcdefg'), { minLength: 1 }).map((ids) => new Set(ids)),
);
const anyTerms = fc.oneof(
  fc.record({
    type: fc.constant('percentage' as const),
    percentage: fc.integer({ min: 1, max: 100 }),
    products,
  }),
  fc.record({
    type: fc.constant('fixed' as const),
    amount: fc.integer({ min: 1, max: 1_000_000_000 }),
    products,
  }),
  fc.record({
    type: fc.constant('buy_x_get_y' as const),
    buy: fc.integer({ min: 1, max: 5 }),
    get: fc.integer({ min: 1, max: 5 }),
    products,
  }),
);
const promotionLists: fc.Arbitrary<PromotionTerms[]> = fc
  .array(anyTerms, { maxLength: 6 })
  .map((list) => list.map((terms, index) => ({ ...terms, id: `promotion-${index}` })));
const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);

describe('sharing out', () => {
  it('adds up to the amount, in shares that are a unit from the exact ones at most', () => {
    const cases = fc
      .array(fc.integer({ min: 0, max: 2 ** 40 }), { minLength: 1, maxLength: 100 })
      .chain((weights) =>
        fc.tuple(fc.constant(weights), fc.integer({ min: 0, max: sum(weights) })),
      );
    fc.assert(
      fc.property(cases, ([weights, amount]) => {
        const shares = splitProportionally(amount, weights);
        const whole = BigInt(sum(weights));
        expect(sum(shares)).toBe(sum(weights) === 0 ? 0 : amount);
        for (const [index, share] of shares.entries()) {
          const weight = weights[index]!;
          expect(share).toBeGreaterThanOrEqual(0);
          expect(share).toBeLessThanOrEqual(weight);
          const error = BigInt(share) * whole - BigInt(amount) * BigInt(weight);
          expect((error < 0n ? -error : error) < (whole || 1n)).toBe(true);
        }
      }),
    );
  });

  it('gives what is left over to the largest remainders, the first among equals', () => {
    expect(splitProportionally(100, [1, 1, 1])).toEqual([34, 33, 33]);
    expect(splitProportionally(10, [55, 25, 20])).toEqual([6, 2, 2]);
    expect(splitProportionally(3, [10, 4, 6])).toEqual([1, 1, 1]);
  });

  it('rounds a percentage half up', () => {
    expect([
      percentageOf(10, 5),
      percentageOf(10, 4),
      percentageOf(33, 100),
      percentageOf(100, 7),
    ]).toEqual([1, 0, 33, 7]);
  });
});

describe('a price', () => {
  it('is of integers that add up and are never negative, whatever the promotions', () => {
    fc.assert(
      fc.property(partLists, promotionLists, (order, promotions) => {
        const { subtotal, discount, total, parts, applied } = priceParts(order, promotions);
        expect(subtotal).toBe(sum(order.map(({ unitPrice, quantity }) => unitPrice * quantity)));
        expect(total).toBe(subtotal - discount);
        expect(sum(parts.map((part) => part.discount))).toBe(discount);
        expect(sum(parts.map((part) => part.total))).toBe(total);
        expect(sum(applied.map(({ discount: taken }) => taken))).toBe(discount);
        for (const value of [subtotal, discount, total, ...parts.flatMap(Object.values)]) {
          expect(Number.isSafeInteger(value) && value >= 0).toBe(true);
        }
      }),
    );
  });

  it('depends on neither the order of the promotions nor promotions for other products', () => {
    fc.assert(
      fc.property(partLists, promotionLists, (order, promotions) => {
        const expected = priceParts(order, promotions);
        expect(priceParts(order, promotions.toReversed())).toEqual(expected);
        const foreign: PromotionTerms = {
          id: 'z',
          type: 'fixed',
          amount: 5,
          products: new Set(['other']),
        };
        expect(priceParts(order, [...promotions, foreign])).toEqual(expected);
      }),
    );
  });

  it('takes a percentage off the products that it is for alone', () => {
    const { parts } = priceParts([part('a', 999, 1), part('b', 500, 2)], [percentage(10, ['a'])]);
    expect(parts).toEqual([
      { discount: 100, total: 899 },
      { discount: 0, total: 1000 },
    ]);
  });

  it('takes no more than there is to pay', () => {
    expect(priceParts([part('a', 300, 1)], [fixed(1000), percentage(50)])).toEqual({
      subtotal: 300,
      discount: 300,
      total: 0,
      parts: [{ discount: 300, total: 0 }],
      applied: [
        { id: 'p50', discount: 150 },
        { id: 'f1000', discount: 150 },
      ],
    });
  });
});

describe('buy x, get y', () => {
  it.each([
    ['2 + 1, of 2', 2, 1, 2, 0],
    ['2 + 1, of 3', 2, 1, 3, 1],
    ['2 + 1, of 5', 2, 1, 5, 1],
    ['2 + 1, of 6', 2, 1, 6, 2],
    ['1 + 1, of 3', 1, 1, 3, 1],
    ['3 + 2, of 10', 3, 2, 10, 4],
  ])('repeats in whole sets: %s', (_, buy, get, quantity, free) => {
    expect(priceParts([part('a', 100, quantity)], [buyGet(buy, get)]).discount).toBe(free * 100);
  });

  it('gives the cheapest away', () => {
    const order = [part('dear', 900, 2), part('cheap', 100, 1), part('middle', 500, 3)];
    const { parts } = priceParts(order, [buyGet(2, 1)]);
    expect(parts.map(({ discount }) => discount)).toEqual([0, 100, 500]);
  });

  it('agrees with units that are laid out one by one, and counts no unit twice', () => {
    const small = fc.uniqueArray(
      fc.record({
        product: fc.constantFrom(...'abcd'),
        unitPrice: fc.integer({ min: 1, max: 20 }),
        quantity: fc.integer({ min: 1, max: 12 }),
      }),
      { selector: ({ product }) => product, minLength: 1 },
    );
    const count = fc.integer({ min: 1, max: 4 });
    fc.assert(
      fc.property(small, count, count, (order, buy, get) => {
        const units = order
          .flatMap(({ unitPrice, quantity }) => Array<number>(quantity).fill(unitPrice))
          .toSorted((a, b) => a - b);
        let free = 0;
        for (let set = 1; set * (buy + get) <= units.length; set++) free += get;
        expect(priceParts(order, [buyGet(buy, get)]).discount).toBe(sum(units.slice(0, free)));
        // Whatever one promotion has counted, as bought or as free, is no part of another.
        const total = sum(order.map(({ quantity }) => quantity));
        const twice = priceParts(order, [buyGet(buy, get), buyGet(total, get, null, 'c')]);
        expect(twice.applied.length).toBeLessThanOrEqual(1);
      }),
    );
  });
});
