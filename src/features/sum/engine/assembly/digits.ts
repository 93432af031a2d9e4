import { addPair, slot } from './accumulators';
import { EIGHT_WEIGHTS, FOUR_WEIGHTS, PAIR_WEIGHTS, TEN, ZERO_DIGIT } from './vectors';

/**
 * 16 zero bytes, 24 of 0xff, and 16 zero bytes. Loaded at `+ n` it selects the last n bytes of a vector, and at
 * `+ 40 - n` the first n.
 */
const SELECT: usize = memory.data<u8>([
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
  255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
]);

/** Returns the mask of those of the 32 bytes at `text` that are no digits. */
// @ts-expect-error: decorator
@inline
export function nonDigits(text: usize): u32 {
  const zero = v128.load(ZERO_DIGIT);
  const ten = v128.load(TEN);
  const low = i8x16.bitmask(i8x16.ge_u(i8x16.sub(v128.load(text), zero), ten));
  const high = i8x16.bitmask(i8x16.ge_u(i8x16.sub(v128.load(text, 16), zero), ten));
  return u32(low | (high << 16));
}

/** Returns the values of the first eight and of the last eight digits, as two 64-bit lanes. The bytes that `selected` lacks are zeroes. */
// @ts-expect-error: decorator
@inline
function pairOf(text: v128, selected: v128): v128 {
  const digits = v128.and(i8x16.sub(text, v128.load(ZERO_DIGIT)), selected);
  const pairs = i16x8.shr_u(i16x8.mul(digits, v128.load(PAIR_WEIGHTS)), 8);
  const fours = i32x4.dot_i16x8_s(pairs, v128.load(FOUR_WEIGHTS));
  const narrow = i16x8.narrow_i32x4_u(fours, fours);
  return i64x2.extend_low_i32x4_u(i32x4.dot_i16x8_s(narrow, v128.load(EIGHT_WEIGHTS)));
}

/**
 * Returns the value of the `count` digits that end before `end`, 0 to 16 of them, as two 64-bit lanes: that
 * of the digits before the last eight, and that of those. Reads the 16 bytes before `end`.
 */
// @ts-expect-error: decorator
@inline
export function upToSixteen(end: usize, count: u32): v128 {
  return pairOf(v128.load(end - 16), v128.load(SELECT + count));
}

/**
 * Returns, in units of 10^-8, the value of the `whole` digits before the byte at `point`, at most 8, and of the first 8
 * of the `fraction` digits behind it, at most 24, as two 64-bit lanes. Reads 8 bytes on both sides.
 */
// @ts-expect-error: decorator
@inline
export function aroundPoint(point: usize, whole: u32, fraction: u32): v128 {
  const text = v128.load64_lane(point + 1, v128.load64_zero(point - 8), 1);
  const last = v128.load64_zero(SELECT + 8 + whole);
  return pairOf(text, v128.load64_lane(SELECT + 40 - fraction, last, 1));
}

/** Returns, in units of 10^-24, the value of the others of these `fraction` digits, 8 to 24 of them. */
// @ts-expect-error: decorator
@inline
export function farFromPoint(point: usize, fraction: u32): v128 {
  return pairOf(v128.load(point + 9), v128.load(SELECT + 48 - fraction));
}

/** Adds `pair` times 10^exponent. Zeroes do not make a page. */
// @ts-expect-error: decorator
@inline
export function addNonZero(sum: usize, exponent: i32, pair: v128, sign: i64): void {
  if (v128.any_true(pair)) addPair(slot(sum, exponent), pair, sign);
}

/**
 * Adds the `count` digits that end before `end`, times 10^exponent: sixteen at a time, each group to
 * the accumulator of its own exponent, so that the length does not matter.
 */
export function addDigits(sum: usize, end: usize, count: u32, exponent: i32, sign: i64): void {
  while (count) {
    const taken = min<u32>(count, 16);
    addNonZero(sum, exponent, upToSixteen(end, taken), sign);
    count -= taken;
    end -= taken;
    exponent += 16;
  }
}
