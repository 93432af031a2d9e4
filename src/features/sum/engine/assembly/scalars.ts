import { addCount } from './accumulators';
import { STARTS } from './grammar';
import { number, word } from './numbers';

/** Reads the numbers and words whose starts stage 2 has listed. */

/** The end of the last number or word that was read. */
export let lastEnd: usize = 0;

export function setLastEnd(end: usize): void {
  lastEnd = end;
}

/** Returns true if a number, and no word, begins with `byte`: from `-` to `9`, and two that `number` refuses. */
// @ts-expect-error: decorator
@inline
export function isNumberStart(byte: u32): bool {
  // One comparison: signs come at random.
  return byte - 0x2d < 13;
}

/**
 * Reads those listed up to `listEnd`. Returns the place in the list of the first that is not well-formed, or `listEnd`.
 */
export function readScalars(sum: usize, listEnd: usize): usize {
  let item = STARTS;
  let words: usize = 0;
  let last = lastEnd;
  for (; item < listEnd; item += 4) {
    const start = load<u32>(item);
    let end: usize;
    if (isNumberStart(load<u8>(start))) end = number(sum, start);
    else {
      end = word(start);
      words += usize(end != 0);
    }
    if (!end) break;
    last = end;
  }
  lastEnd = last;
  addCount(sum, u64((item - STARTS) >> 2) - u64(words));
  return item;
}
