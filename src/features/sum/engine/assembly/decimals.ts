import { addCount, addSmall, AROUND_POINT, ONES } from './accumulators';
import { MINUS, POINT_BYTE, TEN, ZERO_DIGIT } from './vectors';
import { maxDigits } from './limits';
import { equal, join, plane } from './masks';

/** Short numbers, all those of a block at once. */

/** Most digits of such a number before the point, and behind it. */
const MAX_DIGITS: u32 = 8;

/** Returns the sum of the digits in `place`, given the masks of the four bits of all digits. */
// @ts-expect-error: decorator
@inline
function sumOfDigits(place: u64, ones: u64, twos: u64, fours: u64, eights: u64): i64 {
  return (
    i64(popcnt(ones & place)) +
    (i64(popcnt(twos & place)) << 1) +
    (i64(popcnt(fours & place)) << 2) +
    (i64(popcnt(eights & place)) << 3)
  );
}

/** Returns the mask of the bytes that are digits. */
// @ts-expect-error: decorator
@inline
function digitsOf(v0: v128, v1: v128, v2: v128, v3: v128): u64 {
  const zero = v128.load(ZERO_DIGIT);
  const ten = v128.load(TEN);
  return join(
    i8x16.lt_u(i8x16.sub(v0, zero), ten),
    i8x16.lt_u(i8x16.sub(v1, zero), ten),
    i8x16.lt_u(i8x16.sub(v2, zero), ten),
    i8x16.lt_u(i8x16.sub(v3, zero), ten),
  );
}

/** Returns true if it is faster to try to add the numbers of a block at once than to read `few` or more one by one. */
// @ts-expect-error: decorator
@inline
export function areDense(starts: u64, few: u32): bool {
  return u32(popcnt(starts)) >= few && maxDigits >= 2 * MAX_DIGITS;
}

/**
 * Adds the numbers that stand whole in the block at `at`, if none has an exponent, or more than 8 digits before or behind its
 * point: bit j of all digits with the same place value is a mask, and its number of bits a `popcnt`. `scalar` masks
 * numbers and words, `starts` their first bytes; `continued` is 1 if the first one started before the block.
 * Returns the starts of those that were not added: that of one which the end of the block may cut, or all.
 */
export function addDecimals(
  sum: usize,
  at: usize,
  scalar: u64,
  starts: u64,
  continued: u64,
): u64 {
  const v0 = v128.load(at);
  const v1 = v128.load(at, 16);
  const v2 = v128.load(at, 32);
  const v3 = v128.load(at, 48);
  // The runs of ones at either end of the block.
  const head = -continued & scalar & ~(scalar + 1);
  const tail = ~(u64(-1) >> clz(~scalar));
  const whole = scalar & ~(head | tail);
  const digits = whole & digitsOf(v0, v1, v2, v3);
  const signs = whole & ~digits & starts;
  const points = whole & ~(digits | starts);
  // A bit added behind a point is carried through the digits of the fraction.
  const behindFraction = digits + (points << 1);
  let wrong: u64 = (signs << 1) & ~digits;
  if (signs) wrong |= signs & ~equal(v0, v1, v2, v3, v128.load(MINUS));
  if (points) {
    const proper = equal(v0, v1, v2, v3, v128.load(POINT_BYTE)) & (digits << 1) & (digits >> 1);
    wrong |= points & (behindFraction | ~proper);
  }
  if (wrong) return starts;
  const ones = plane(v0, v1, v2, v3, 7);
  const twos = plane(v0, v1, v2, v3, 6);
  const fours = plane(v0, v1, v2, v3, 5);
  const eights = plane(v0, v1, v2, v3, 4);
  const firsts = (starts & digits) | (signs << 1);
  const leadingZeroes = firsts & ~(ones | twos | fours | eights) & (digits >> 1);
  if (leadingZeroes) return starts;
  const fraction = digits & ~behindFraction;
  // In the same way, one behind a minus sign through all of the number.
  const body = digits | points;
  const negative = body & ~(body + (signs << 1));

  let total: i64 = 0;
  let weight: i64 = 1;
  let place = digits & ~fraction;
  place &= ~(place >> 1);
  for (let count: u32 = 0; place; count++) {
    if (count == MAX_DIGITS) return starts;
    let value = sumOfDigits(place, ones, twos, fours, eights);
    if (signs) value -= sumOfDigits(place & negative, ones, twos, fours, eights) << 1;
    total += value * weight;
    weight *= 10;
    place = (place >> 1) & digits & ~fraction;
  }
  if (points) {
    let parts: i64 = 0;
    weight = 10_000_000;
    place = points << 1;
    for (; place; place = (place << 1) & digits) {
      if (!weight) return starts;
      let value = sumOfDigits(place, ones, twos, fours, eights);
      if (signs) value -= sumOfDigits(place & negative, ones, twos, fours, eights) << 1;
      parts += value * weight;
      weight /= 10;
    }
    addSmall(sum + AROUND_POINT, u64(parts), 0);
  }
  addCount(sum, u64(popcnt(starts & ~tail)));
  addSmall(sum + ONES, u64(total), 0);
  return starts & tail;
}
