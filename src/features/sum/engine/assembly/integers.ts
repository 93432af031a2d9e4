import { addCount, addSmall, ONES } from './accumulators';
import { MINUS, TEN, ZERO_DIGIT } from './vectors';
import { maxDigits } from './limits';
import { equal, join, plane } from './masks';

/** Short integers, all those of a block at once. */

/** Fewest numbers of a block that are faster to add at once than to read one by one. */
const MIN_DENSE: u32 = 8;
/** Most digits of a number that is added so. */
const MAX_DIGITS: u32 = 8;

/** Returns true if the block may be dense in short integers, given the mask of the starts of its numbers. */
// @ts-expect-error: decorator
@inline
export function areDense(starts: u64): bool {
  return u32(popcnt(starts)) >= MIN_DENSE && maxDigits >= MAX_DIGITS;
}

/**
 * Adds the numbers that stand whole in the block at `at`, if all are integers of up to 8 digits: bit j of
 * all digits with the same place value is a mask, and its number of bits a `popcnt`. `scalar` masks numbers
 * and words, `starts` their first bytes; `continued` is 1 if the first one started before the block.
 * Returns the starts of those that were not added: that of one which the end of the block may cut, or all.
 */
export function addIntegers(
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
  const zero = v128.load(ZERO_DIGIT);
  const ten = v128.load(TEN);
  // The runs of ones at either end of the block.
  const head = -continued & scalar & ~(scalar + 1);
  const tail = ~(u64(-1) >> clz(~scalar));
  const whole = scalar & ~(head | tail);
  const digits =
    whole &
    join(
      i8x16.lt_u(i8x16.sub(v0, zero), ten),
      i8x16.lt_u(i8x16.sub(v1, zero), ten),
      i8x16.lt_u(i8x16.sub(v2, zero), ten),
      i8x16.lt_u(i8x16.sub(v3, zero), ten),
    );
  const signs = whole & ~digits;
  if (signs) {
    const minuses = equal(v0, v1, v2, v3, v128.load(MINUS));
    if ((signs & ~(minuses & starts)) | ((signs << 1) & ~digits)) return starts;
  }
  const p0 = plane(v0, v1, v2, v3, 7) & digits;
  const p1 = plane(v0, v1, v2, v3, 6) & digits;
  const p2 = plane(v0, v1, v2, v3, 5) & digits;
  const p3 = plane(v0, v1, v2, v3, 4) & digits;
  const firsts = (starts & digits) | (signs << 1);
  const leadingZeroes = firsts & ~(p0 | p1 | p2 | p3) & (digits >> 1);
  if (leadingZeroes) return starts;
  // The bit added to the first digit of a negative number is carried through all of them.
  const negative = digits & ~(digits + (signs << 1));
  const n0 = p0 & negative;
  const n1 = p1 & negative;
  const n2 = p2 & negative;
  const n3 = p3 & negative;
  let total: i64 = 0;
  let weight: i64 = 1;
  let place = digits & ~(digits >> 1);
  for (let count: u32 = 0; place; count++) {
    if (count == MAX_DIGITS) return starts;
    let value =
      i64(popcnt(p0 & place)) +
      (i64(popcnt(p1 & place)) << 1) +
      (i64(popcnt(p2 & place)) << 2) +
      (i64(popcnt(p3 & place)) << 3);
    if (signs) {
      value -=
        (i64(popcnt(n0 & place)) << 1) +
        (i64(popcnt(n1 & place)) << 2) +
        (i64(popcnt(n2 & place)) << 3) +
        (i64(popcnt(n3 & place)) << 4);
    }
    total += value * weight;
    weight *= 10;
    place = (place >> 1) & digits;
  }
  addCount(sum, u64(popcnt(starts & ~tail)));
  addSmall(sum + ONES, u64(total), 0);
  return starts & tail;
}
