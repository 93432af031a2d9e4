import { addPair, slot } from './accumulators';
import { EIGHT_WEIGHTS, FOUR_WEIGHTS, PAIR_WEIGHTS, ZERO_DIGIT } from './vectors';

/** 16 zero bytes, then 16 of 0xff: loaded at `+ n` it selects the last n bytes of a vector. */
const SELECT: usize = memory.data<u8>([
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
]);

/** Returns the value of eight digits, each a byte of 0 to 9, of which the first is in the lowest byte. */
// @ts-expect-error: decorator
@inline
export function eightDigits(digits: u64): u64 {
  const pairs = (digits * 2561) >> 8;
  const fours = ((pairs & 0x00ff00ff00ff00ff) * 6553601) >> 16;
  return ((fours & 0x0000ffff0000ffff) * 42949672960001) >> 32;
}

/**
 * Returns the value of the `count` digits that end before `end`, 0 to 16 of them, as two 64-bit lanes: that
 * of the digits before the last eight, and that of those. Reads the 16 bytes before `end`.
 */
// @ts-expect-error: decorator
@inline
export function upToSixteen(end: usize, count: u32): v128 {
  const digits = v128.and(
    i8x16.sub(v128.load(end - 16), v128.load(ZERO_DIGIT)),
    v128.load(SELECT + count),
  );
  const pairs = i16x8.shr_u(i16x8.mul(digits, v128.load(PAIR_WEIGHTS)), 8);
  const fours = i32x4.dot_i16x8_s(pairs, v128.load(FOUR_WEIGHTS));
  const narrow = i16x8.narrow_i32x4_u(fours, fours);
  return i64x2.extend_low_i32x4_u(i32x4.dot_i16x8_s(narrow, v128.load(EIGHT_WEIGHTS)));
}

/**
 * Adds the `count` digits that end before `end`, times 10^exponent: sixteen at a time, each group to
 * the accumulator of its own exponent, so that the length does not matter.
 */
export function addDigits(sum: usize, end: usize, count: u32, exponent: i32, sign: i64): void {
  while (count) {
    const taken = min<u32>(count, 16);
    const pair = upToSixteen(end, taken);
    // A group of zeroes must not make a page.
    if (v128.any_true(pair)) addPair(slot(sum, exponent), pair, sign);
    count -= taken;
    end -= taken;
    exponent += 16;
  }
}
