import { addCount } from './accumulators';
import { PATHS } from './document';
import { DENSE, STARTS } from './grammar';
import { addDecimals } from './decimals';
import { COLONS, COMMAS, LINES, WHITE } from './masks';
import { anyChild, dropIfBarren, FIRST, NEXT, SUM_OF } from './nodes';
import { isScalarByte, number, word } from './numbers';
import { addPath, CONTAINER, HINT, named, pop, push, TARGET } from './paths';
import { isNumberStart, setLastEnd } from './scalars';

/** Follows the tokens of a run of blocks through the tree of places, and adds its numbers to their sums. */

/** First byte of the name of the next value, or of one whose value was no number and no bracket; or 0. */
export let pendingName: usize = 0;
/** True if a number was not read because there are too many paths. */
export let tooManyPaths: bool = false;

/** The first block, before which no number or word is cut off. */
let firstBlock: usize = 0;

export function beginWalk(at: usize): void {
  firstBlock = at;
  pendingName = 0;
  tooManyPaths = false;
}

/** Returns the node of the next value. */
// @ts-expect-error: decorator
@inline
function nodeOfValue(paths: usize, container: usize, target: usize, hint: usize, name: usize, end: usize): usize {
  if (name) return named(paths, container, hint, name, end);
  return target ? target : anyChild(paths, container);
}

/** Returns the sum of the numbers of a place, or 0 if there are too many paths, or if no number can begin at `start`. */
// @ts-expect-error: decorator
@inline
function sumOf(paths: usize, node: usize, start: usize): usize {
  const sum = load<usize>(node, SUM_OF);
  return sum ? sum : newSum(paths, node, start);
}

function newSum(paths: usize, node: usize, start: usize): usize {
  const byte: u32 = load<u8>(start);
  if (byte == 0x2e || byte == 0x2f) return 0;
  const sum = addPath(paths, node);
  if (!sum) tooManyPaths = true;
  return sum;
}

/**
 * Adds the numbers of the block at `block`, whose masks are in `line`: it has no quotes and brackets, so all stand in
 * the same place. Returns the start of the first number or word that was not read, or 0.
 */
function addDense(paths: usize, node: usize, block: usize, line: usize): usize {
  const scalar = ~(load<u64>(line, WHITE) | load<u64>(line, COMMAS) | load<u64>(line, COLONS));
  const continued = u64(block != firstBlock && isScalarByte(load<u8>(block - 1)));
  let left = scalar & ~((scalar << 1) | continued);
  const known = load<usize>(node, SUM_OF);
  if (known) left = addDecimals(known, block, scalar, left, continued);
  for (; left; left &= left - 1) {
    const start = block + usize(ctz(left));
    let end: usize = 0;
    if (isNumberStart(load<u8>(start))) {
      const sum = sumOf(paths, node, start);
      if (sum) end = number(sum, start);
      if (end) addCount(sum, 1);
    } else end = word(start);
    if (!end) return start;
    setLastEnd(end);
  }
  return 0;
}

/**
 * Walks the tokens listed up to `listEnd`, of blocks from `at`; the data end at `end`. Returns the start of the first number
 * or word that was not read, because it is not well-formed or there are too many paths, or 0.
 */
export function walk(document: usize, at: usize, listEnd: usize, end: usize): usize {
  const paths = load<usize>(document, PATHS);
  let container = load<usize>(paths, CONTAINER);
  let target = load<usize>(paths, TARGET);
  let hint = load<usize>(paths, HINT);
  let name = pendingName;
  let unread: usize = 0;
  for (let item = STARTS; item < listEnd; item += 4) {
    const entry = load<u32>(item);
    const start = usize(entry & ~DENSE);
    const byte: u32 = load<u8>(start);
    if (entry & DENSE) {
      if (!target) target = anyChild(paths, container);
      unread = addDense(paths, target, start, LINES + (start - at));
      if (unread) break;
    } else if (byte == 0x22) {
      name = start + 1;
    } else if (isNumberStart(byte)) {
      target = nodeOfValue(paths, container, target, hint, name, end);
      if (name) hint = target + NEXT;
      name = 0;
      const sum = sumOf(paths, target, start);
      const numberEnd = sum ? number(sum, start) : 0;
      if (!numberEnd) {
        unread = start;
        break;
      }
      addCount(sum, 1);
      setLastEnd(numberEnd);
    } else if ((byte | 0x20) == 0x7b) {
      push(paths, container);
      container = nodeOfValue(paths, container, target, hint, name, end);
      target = 0;
      hint = container + FIRST;
      name = 0;
    } else if ((byte | 0x20) == 0x7d) {
      target = dropIfBarren(paths, container);
      container = pop(paths);
      hint = target ? target + NEXT : container + FIRST;
      name = 0;
    } else {
      const wordEnd = word(start);
      if (!wordEnd) {
        unread = start;
        break;
      }
      setLastEnd(wordEnd);
    }
  }
  pendingName = name;
  store<usize>(paths, container, CONTAINER);
  store<usize>(paths, target, TARGET);
  store<usize>(paths, hint, HINT);
  return unread;
}
