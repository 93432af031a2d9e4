import { LEVEL, LEVEL_KINDS } from './carry';
import { top } from './format';
import { maxDepth } from './limits';
import { parity } from './masks';
import { refill, spill } from './stack';

/**
 * The brackets of a block, against the stack of those open.
 *
 * A run that is refused must be scanned again from its start, so what it takes off the stack in memory is
 * logged before it can be overwritten: each word once, and words only from the top down.
 */
const LOG = memory.data(130 * 8, 8);
let logged: u32 = 0;
/** Depth of the lowest word in the log, or the run's first depth. */
let lowest: u32 = 0;

/** Masks of the bytes of the block in an object, and outside all spelled brackets; from `followBrackets`. */
export let inObject: u64 = 0;
export let atTop: u64 = 0;

export function beginLog(): void {
  logged = 0;
  lowest = u32(load<u64>(LEVEL)) | 63;
}

/** Restores the stack in memory to its state at `beginLog`. */
export function undoLog(document: usize): void {
  while (logged) {
    logged--;
    spill(document, lowest, load<u64>(LOG + (logged << 3)));
    lowest += 64;
  }
}

/** Refills the word of the brackets up to `depth`, and logs it if it could be overwritten. */
function takeBack(document: usize, depth: u32): u64 {
  const kinds = refill(document, depth);
  if (depth < lowest) {
    store<u64>(LOG + (logged << 3), kinds);
    logged++;
    lowest = depth;
  }
  return kinds;
}

/** Follows the brackets one by one. Returns false if one closes another kind or nothing, or is one too many. */
export function followBrackets(document: usize, at: usize, brackets: u64): bool {
  let depth = u32(load<u64>(LEVEL));
  let kinds = load<u64>(LEVEL_KINDS);
  let objects: u64 = -(kinds & 1);
  let outside: u64 = depth == top ? -1 : 0;
  while (brackets) {
    const from = brackets & -brackets;
    const byte: u32 = load<u8>(at + usize(ctz(brackets)));
    // 5B [, 5D ], 7B {, 7D }: bit 5 tells the kind, bit 2 opening from closing.
    const kind = u64((byte >> 5) & 1);
    if (byte & 4) {
      if (depth <= top || (kinds & 1) != kind) return false;
      depth--;
      kinds >>= 1;
      if (depth && !(depth & 63)) kinds = takeBack(document, depth);
    } else {
      if (depth - top >= maxDepth) return false;
      if (depth && !(depth & 63)) {
        spill(document, depth, kinds);
        kinds = 0;
      }
      kinds = (kinds << 1) | kind;
      depth++;
    }
    // All bits from this bracket on change if what they stand in does.
    objects ^= (objects ^ -(kinds & 1)) & -from;
    outside ^= (outside ^ (depth == top ? -1 : 0)) & -from;
    brackets &= brackets - 1;
  }
  inObject = objects;
  atTop = outside;
  store<u64>(LEVEL, u64(depth));
  store<u64>(LEVEL_KINDS, kinds);
  return true;
}

/** Does the same as `followBrackets` for a block without any. */
// @ts-expect-error: decorator
@inline
export function noBrackets(): void {
  inObject = -(load<u64>(LEVEL_KINDS) & 1);
  atTop = load<u64>(LEVEL) == top ? -1 : 0;
}

/**
 * Does the same as `followBrackets`, without going through them, if all are of one kind (`curly` masks the
 * braces) and open and close in turn, as in `},{` and `],[`. Returns false, having done nothing, if not.
 */
export function alternateBrackets(opening: u64, closing: u64, curly: u64): bool {
  const depth = u32(load<u64>(LEVEL));
  const kinds = load<u64>(LEVEL_KINDS);
  const brackets = opening | closing;
  const kind = u64(curly != 0);
  if (kind && curly != brackets) return false;
  // From each first of a pair to before the second.
  const between = parity(brackets);
  const firsts = brackets & between;
  const odd = u32(popcnt(brackets)) & 1;
  if (firsts == opening) {
    if (!(depth & 63) || depth - top >= maxDepth) return false;
    atTop = depth == top ? ~between : 0;
    inObject = kind ? -(kinds & 1) | between : -(kinds & 1) & ~between;
    store<u64>(LEVEL_KINDS, odd ? (kinds << 1) | kind : kinds);
    store<u64>(LEVEL, u64(depth + odd));
  } else {
    if (firsts != closing || (kinds & 1) != kind || (depth & 63) == 1 || depth <= top) return false;
    atTop = depth - 1 == top ? between : 0;
    inObject = (-kind & ~between) | (-((kinds >> 1) & 1) & between);
    store<u64>(LEVEL_KINDS, kinds >> u64(odd));
    store<u64>(LEVEL, u64(depth - odd));
  }
  return true;
}
