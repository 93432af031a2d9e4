import { highestUsed, lanesAt, lowestUsed } from './accumulators';
import { allocate, release, WINDOW, WINDOW_BYTES } from './memory';

/**
 * Conversion of the accumulators to one decimal text, from the lowest digit up: the digit of 10^e is the
 * total added there plus the carry of the digits below, modulo ten. It takes one step for each digit of the
 * text, whatever the accumulators hold. A lane stays below 2^62 in any document of less than 4 * 10^10
 * numbers, so that neither the sum of two lanes nor a carry on top leaves 64 bits.
 */

/** Digits that the carry of the highest accumulator can add, with a sign, point and zero. */
const SPARE_BYTES: u32 = 40;

let length: usize = 0;
/** A text too long for the window: its block and size, until the next one is written. */
let block: usize = 0;
let blockBytes: usize = 0;

export function textLength(): usize {
  return length;
}

/** Returns the address behind `bytes` bytes for a text. */
function textEnd(bytes: usize): usize {
  if (block) release(block, blockBytes);
  block = 0;
  if (bytes <= WINDOW_BYTES) return WINDOW + bytes;
  blockBytes = bytes;
  block = allocate(bytes);
  return block + bytes;
}

/** Writes the canonical text of the sum, over the window. Returns its address. */
export function writeSum(sum: usize): usize {
  const lowest = lowestUsed(sum);
  const highest = highestUsed(sum);
  if (highest < lowest) {
    store<u8>(WINDOW, 0x30);
    length = 1;
    return WINDOW;
  }
  const end = textEnd(u32(max(highest, 0) - min(lowest, 0)) + SPARE_BYTES);
  let start = writeDigits(sum, lowest, highest + 8, 1, end);
  if (!start) {
    start = writeDigits(sum, lowest, highest + 8, -1, end) - 1;
    store<u8>(start, 0x2d);
  }
  length = end - start;
  return start;
}

/**
 * Writes `sign` times the sum so that it ends before `end`; returns its first byte, or 0 if it is
 * negative. Zeroes at the end of the fraction are left out, and those before the first digit.
 */
function writeDigits(sum: usize, lowest: i32, highest: i32, sign: i64, end: usize): usize {
  let at = end;
  let first = end;
  let carry: i64 = 0;
  for (
    let exponent = min(lowest, 0);
    exponent <= highest || carry > 0 || exponent <= 0;
    exponent++
  ) {
    const total = sign * lanesAt(sum, exponent) + carry;
    let digit: i64 = 0;
    carry = 0;
    if (total) {
      digit = total % 10;
      if (digit < 0) digit += 10;
      carry = (total - digit) / 10;
    }
    if (exponent == 0 && at != end) store<u8>(--at, 0x2e);
    if (exponent < 0 && !digit && at == end) continue;
    store<u8>(--at, 0x30 + u8(digit));
    if (digit || exponent <= 0) first = at;
  }
  return carry < 0 ? 0 : first;
}
