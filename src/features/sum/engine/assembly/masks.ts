import { ESCAPED, HIGH, IN_STRING } from './carry';
import { forbiddenControls, whiteControls } from './controls';
import { separator, top } from './format';
import {
  BACKSLASH, CLOSE_BRACE, COLON, COMMA, LAST_CONTROL, NINE_DIGIT, OPEN_BRACE, QUOTE, SPACE, WHITE_CONTROLS,
} from './vectors';
import { escapedBytes } from './escapes';
import { utf8Faults } from './utf8';

/**
 * Stage 1: turns blocks of 64 bytes into 64-bit masks, bit i for byte i. It only finds the insides of strings,
 * and checks that strings are well-formed.
 */

/** Most blocks of a run. */
export const RUN_BLOCKS: u32 = 128;

/** The masks of a run, a line of 64 bytes for each block; the constants are offsets within a line. */
const RUN_LINES = 128 * 64;
export const LINES: usize = memory.data(RUN_LINES, 64);
export const QUOTES: usize = 0;
export const INSIDE: usize = 8;
export const WHITE: usize = 16;
export const OPENING: usize = 24;
export const CLOSING: usize = 32;
export const COMMAS: usize = 40;
export const COLONS: usize = 48;
/** The separators of values, which are among the commas too. Only in formats that have them. */
export const SEPARATORS: usize = 56;

/** Number of separators in the run. */
export let separatorsOfRun: u64 = 0;

// @ts-expect-error: decorator
@inline
export function join(m0: v128, m1: v128, m2: v128, m3: v128): u64 {
  const low = u32(i8x16.bitmask(m0) | (i8x16.bitmask(m1) << 16));
  const high = u32(i8x16.bitmask(m2) | (i8x16.bitmask(m3) << 16));
  return u64(low) | (u64(high) << 32);
}

/** Returns bit 7 - `shift` of each byte. */
// @ts-expect-error: decorator
@inline
export function plane(v0: v128, v1: v128, v2: v128, v3: v128, shift: i32): u64 {
  return join(
    i16x8.shl(v0, shift),
    i16x8.shl(v1, shift),
    i16x8.shl(v2, shift),
    i16x8.shl(v3, shift),
  );
}

/** Returns the mask of the bytes that equal those of `wanted`. */
// @ts-expect-error: decorator
@inline
export function equal(v0: v128, v1: v128, v2: v128, v3: v128, wanted: v128): u64 {
  return join(i8x16.eq(v0, wanted), i8x16.eq(v1, wanted), i8x16.eq(v2, wanted), i8x16.eq(v3, wanted));
}

/** Returns the mask of the bytes that are at most those of `most`. */
// @ts-expect-error: decorator
@inline
function atMost(v0: v128, v1: v128, v2: v128, v3: v128, most: v128): u64 {
  return join(
    i8x16.le_u(v0, most),
    i8x16.le_u(v1, most),
    i8x16.le_u(v2, most),
    i8x16.le_u(v3, most),
  );
}

/**
 * Returns the mask whose bit i is the parity of bits 0 to i. Of the quotes' mask: set from each opening quote to the byte
 * before the closing one. (WebAssembly has no carry-less multiplication.)
 */
// @ts-expect-error: decorator
@inline
export function parity(mask: u64): u64 {
  mask ^= mask << 1;
  mask ^= mask << 2;
  mask ^= mask << 4;
  mask ^= mask << 8;
  mask ^= mask << 16;
  return mask ^ (mask << 32);
}

/** Returns true if no byte is above `9`, as those of brackets, colons, backslashes and letters are. */
// @ts-expect-error: decorator
@inline
function isNumeric(v0: v128, v1: v128, v2: v128, v3: v128, nine: v128): bool {
  const most = i8x16.max_u(i8x16.max_u(v0, v1), i8x16.max_u(v2, v3));
  return !v128.any_true(i8x16.gt_u(most, nine));
}

/** Writes the masks of a block within a string, as far as stage 2 reads them. */
// @ts-expect-error: decorator
@inline
function markString(line: usize): void {
  store<u64>(line, 0, QUOTES);
  store<u64>(line, -1, INSIDE);
}

/** Writes the masks of a block without strings, brackets and colons. */
// @ts-expect-error: decorator
@inline
function markNumbers(line: usize, white: u64, commas: u64): void {
  store<u64>(line, 0, QUOTES);
  store<u64>(line, 0, INSIDE);
  store<u64>(line, white, WHITE);
  store<u64>(line, 0, OPENING);
  store<u64>(line, 0, CLOSING);
  store<u64>(line, commas, COMMAS);
  store<u64>(line, 0, COLONS);
}

/** Writes the masks of `blocks` blocks from `at`. Returns false if a string or a control character is bad. */
export function markBlocks(at: usize, blocks: u32): bool {
  return top ? mark(at, blocks, true) : mark(at, blocks, false);
}

// @ts-expect-error: decorator
@inline
function mark(at: usize, blocks: u32, areSeparated: bool): bool {
  const separators = i8x16.splat(u8(separator));
  const quote = v128.load(QUOTE);
  const backslash = v128.load(BACKSLASH);
  const space = v128.load(SPACE);
  const brace = v128.load(OPEN_BRACE);
  const endBrace = v128.load(CLOSE_BRACE);
  const comma = v128.load(COMMA);
  const colon = v128.load(COLON);
  const control = v128.load(LAST_CONTROL);
  const nine = v128.load(NINE_DIGIT);
  const known = v128.load(WHITE_CONTROLS);
  let inString = load<u64>(IN_STRING);
  let escaped = load<u64>(ESCAPED);
  let highBefore = load<u64>(HIGH) != 0;
  let faults = i64x2.splat(0);
  let bad: u64 = 0;
  let separatorCount: u64 = 0;
  const lineEnd = LINES + (usize(blocks) << 6);

  for (let line = LINES; line != lineEnd; line += 64, at += 64) {
    const v0 = v128.load(at);
    const v1 = v128.load(at, 16);
    const v2 = v128.load(at, 32);
    const v3 = v128.load(at, 48);

    const high = i8x16.bitmask(v128.or(v128.or(v0, v1), v128.or(v2, v3))) != 0;
    if (i32(high) | i32(highBefore)) faults = v128.or(faults, utf8Faults(at));
    highBefore = high;
    const least = i8x16.min_u(i8x16.min_u(v0, v1), i8x16.min_u(v2, v3));
    const hasControls = v128.any_true(i8x16.le_u(least, control));
    let quotes = equal(v0, v1, v2, v3, quote);
    const b0 = i8x16.eq(v0, backslash);
    const b1 = i8x16.eq(v1, backslash);
    const b2 = i8x16.eq(v2, backslash);
    const b3 = i8x16.eq(v3, backslash);
    const backslashes = v128.or(v128.or(b0, b1), v128.or(b2, b3));
    if (!(quotes | escaped)) {
      if (inString) {
        if (!hasControls && !v128.any_true(backslashes)) {
          markString(line);
          continue;
        }
      } else if (!areSeparated && isNumeric(v0, v1, v2, v3, nine)) {
        if (hasControls) faults = v128.or(faults, forbiddenControls(v0, v1, v2, v3, control, known));
        markNumbers(line, atMost(v0, v1, v2, v3, space), equal(v0, v1, v2, v3, comma));
        continue;
      }
    }
    if (v128.any_true(backslashes)) {
      quotes &= ~escapedBytes(at, join(b0, b1, b2, b3), escaped);
      escaped = load<u64>(ESCAPED);
    } else {
      quotes &= ~escaped;
      escaped = 0;
    }
    const inside = parity(quotes) ^ inString;
    inString = u64(i64(inside) >> 63);
    const outside = ~(inside | quotes);

    const upToSpace = atMost(v0, v1, v2, v3, space);
    let between: u64 = 0;
    if (hasControls) {
      if (areSeparated) {
        const s0 = i8x16.eq(v0, separators);
        const s1 = i8x16.eq(v1, separators);
        const s2 = i8x16.eq(v2, separators);
        const s3 = i8x16.eq(v3, separators);
        between = join(s0, s1, s2, s3);
        bad |= between & inside;
        separatorCount += popcnt(between);
        const first = i8x16.min_u(v128.or(v0, s0), v128.or(v1, s1));
        const others = i8x16.min_u(first, i8x16.min_u(v128.or(v2, s2), v128.or(v3, s3)));
        if (v128.any_true(i8x16.le_u(others, control))) {
          const white = join(
            whiteControls(v0, known),
            whiteControls(v1, known),
            whiteControls(v2, known),
            whiteControls(v3, known),
          );
          bad |= atMost(v0, v1, v2, v3, control) & ~between & (~white | inside);
        }
      } else {
        faults = v128.or(faults, forbiddenControls(v0, v1, v2, v3, control, known));
        // Strings with a space are common; control characters in them are looked for only then.
        if (upToSpace & inside) bad |= atMost(v0, v1, v2, v3, control) & inside;
      }
    }

    store<u64>(line, quotes, QUOTES);
    store<u64>(line, inside, INSIDE);
    store<u64>(line, upToSpace & outside & ~between, WHITE);
    if (areSeparated) store<u64>(line, between, SEPARATORS);
    store<u64>(line, (equal(v0, v1, v2, v3, comma) & outside) | between, COMMAS);
    store<u64>(line, equal(v0, v1, v2, v3, colon) & outside, COLONS);
    // The two kinds of bracket differ in bit 5 alone.
    const l0 = v128.or(v0, space);
    const l1 = v128.or(v1, space);
    const l2 = v128.or(v2, space);
    const l3 = v128.or(v3, space);
    store<u64>(line, equal(l0, l1, l2, l3, brace) & outside, OPENING);
    store<u64>(line, equal(l0, l1, l2, l3, endBrace) & outside, CLOSING);
  }
  store<u64>(IN_STRING, inString);
  store<u64>(ESCAPED, escaped);
  store<u64>(HIGH, u64(highBefore));
  separatorsOfRun = separatorCount;
  return !(bad != 0 || v128.any_true(faults));
}
