import { alternateBrackets, atTop, followBrackets, inObject, noBrackets } from './brackets';
import { AFTER_NEXT, COLON_NEXT, IN_NAME_BIT, IN_SCALAR, NAME_NEXT, NO_CLOSE, VALUE_NEXT } from './carry';
import { SUM } from './document';
import { addDecimals, areDense } from './decimals';
import { isSequence, top } from './format';
import { CLOSING, COLONS, COMMAS, INSIDE, LINES, OPENING, plane, QUOTES, SEPARATORS, WHITE } from './masks';

/**
 * Stage 2: checks the grammar for all tokens of a block at once. Each token but the first has one before
 * it, so the document is well-formed if each is followed by what may follow it, brackets match, and
 * numbers and words are well-formed in themselves.
 */

/**
 * The addresses of the starts of numbers and words of the run, u32 each, with space for four more; for the walk also those
 * of brackets and names.
 */
const STARTS_BYTES = (128 * 64 + 4) * 4;
export const STARTS: usize = memory.data(STARTS_BYTES, 16);

/** Fewest numbers of a block that are worth an attempt to add all at once, where it has nothing but numbers, and elsewhere. */
const FEW_NUMBERS: u32 = 6;
const FEW_AMONG_OTHERS: u32 = 8;

/** A bit of the address of a block whose numbers and words are not listed, as all of them stand in one place. */
export const DENSE: u32 = 0x8000_0000;

/**
 * Returns the first byte that is not white space at or behind each byte of `from`: adding a bit to the run
 * of ones that it stands in carries it out of the run.
 */
// @ts-expect-error: decorator
@inline
function nextToken(from: u64, white: u64): u64 {
  return (from + white) & ~white;
}

/** Returns 1 if the white space from the last of `from` on reaches into the next block. */
// @ts-expect-error: decorator
@inline
function carried(from: u64, white: u64): u64 {
  return u64(from + white < from);
}

/** Lists the addresses of the bytes at `at` whose bits are set; returns the end of the list. */
// @ts-expect-error: decorator
@inline
function listStarts(list: usize, at: usize, starts: u64): usize {
  const end = list + (usize(popcnt(starts)) << 2);
  do {
    // More than there are is harmless: the next ones overwrite them.
    store<u32>(list, u32(at) + u32(ctz(starts)), 0);
    starts &= starts - 1;
    store<u32>(list, u32(at) + u32(ctz(starts)), 4);
    starts &= starts - 1;
    store<u32>(list, u32(at) + u32(ctz(starts)), 8);
    starts &= starts - 1;
    store<u32>(list, u32(at) + u32(ctz(starts)), 12);
    starts &= starts - 1;
    list += 16;
  } while (list < end);
  return end;
}

/** Returns the mask of the 64 bytes at `at` that have bit 5, as braces have and square brackets have not. */
// @ts-expect-error: decorator
@inline
function bit5(at: usize): u64 {
  return plane(v128.load(at), v128.load(at, 16), v128.load(at, 32), v128.load(at, 48), 2);
}

/**
 * Checks the `blocks` blocks from `at`, whose masks are in the lines, and lists the starts of their
 * numbers and words, except those that it adds at once. Returns the end of the list, or 0 if a block is not well-formed.
 */
export function checkBlocks(document: usize, at: usize, blocks: u32): usize {
  return top ? check(document, at, blocks, true, false) : check(document, at, blocks, false, false);
}

/** Does the same, but adds nothing, and also lists brackets and the quotes before names. */
export function checkForWalk(document: usize, at: usize, blocks: u32): usize {
  return top ? check(document, at, blocks, true, true) : check(document, at, blocks, false, true);
}

// @ts-expect-error: decorator
@inline
function check(document: usize, at: usize, blocks: u32, areSeparated: bool, isWalked: bool): usize {
  let list = STARTS;
  let bad: u64 = 0;
  let inName = load<u64>(IN_NAME_BIT);
  let inScalar = load<u64>(IN_SCALAR);
  let nameNext = load<u64>(NAME_NEXT);
  let valueNext = load<u64>(VALUE_NEXT);
  let noClose = load<u64>(NO_CLOSE);
  let colonNext = load<u64>(COLON_NEXT);
  let afterNext = load<u64>(AFTER_NEXT);
  const lineEnd = LINES + (usize(blocks) << 6);

  for (let line = LINES; line != lineEnd; line += 64, at += 64) {
    const quotes = load<u64>(line, QUOTES);
    const inside = load<u64>(line, INSIDE);
    // Within a string nothing changes.
    if ((inside & ~quotes) == -1) continue;
    const white = load<u64>(line, WHITE);
    const opening = load<u64>(line, OPENING);
    const closing = load<u64>(line, CLOSING);
    const commas = load<u64>(line, COMMAS);
    const colons = load<u64>(line, COLONS);

    const brackets = opening | closing;
    if (!brackets) noBrackets();
    else if (!alternateBrackets(opening, closing, bit5(at) & brackets)) {
      if (!followBrackets(document, at, brackets)) return 0;
    }
    if (!areSeparated && !(quotes | inside | brackets | colons | inObject | atTop)) {
      // Among the elements of an array only numbers and words, commas and white space: what remains of the rules below.
      const scalar = ~(white | commas);
      const continued = inScalar;
      const behind = (scalar << 1) | continued;
      inScalar = scalar >> 63;
      const starts = scalar & ~behind;
      const behindComma = (commas << 1) | valueNext;
      bad |= nextToken(behindComma, white) & ~starts;
      noClose = (commas >> 63) | carried((commas << 1) | noClose, white);
      valueNext = (commas >> 63) | carried(behindComma, white);
      const behindValueEnd = (behind & ~scalar) | afterNext;
      bad |= nextToken(behindValueEnd, white) & ~commas;
      afterNext = carried(behindValueEnd, white);
      if (isWalked) {
        if (areDense(starts, FEW_NUMBERS)) {
          store<u32>(list, u32(at) | DENSE);
          list += 4;
        } else if (starts) list = listStarts(list, at, starts);
      } else {
        let unread = starts;
        if (areDense(unread, FEW_NUMBERS)) unread = addDecimals(document + SUM, at, scalar, unread, continued);
        if (unread) list = listStarts(list, at, unread);
      }
      continue;
    }
    let between: u64 = 0;
    if (areSeparated) between = load<u64>(line, SEPARATORS);
    // At the top stand no commas but those that separate values, which stand nowhere else.
    bad |= (commas & atTop) ^ between;

    const scalar = ~(inside | quotes | white | brackets | commas | colons);
    const continued = inScalar;
    const behind = (scalar << 1) | continued;
    inScalar = scalar >> 63;
    const scalarStarts = scalar & ~behind;
    // RFC 7464 section 2.4: such a record may have been cut off.
    if (areSeparated && isSequence) bad |= between & behind;
    const opens = quotes & inside;
    const values = opens | scalarStarts | opening;

    const beforeNames = (opening | commas) & inObject;
    const behindName = (beforeNames << 1) | nameNext;
    const names = nextToken(behindName, white);
    nameNext = (beforeNames >> 63) | carried(behindName, white);
    bad |= names & ~(opens | closing);

    const beforeValue = ((opening | commas) & ~inObject) | colons;
    const behindValue = (beforeValue << 1) | valueNext;
    bad |= nextToken(behindValue, white) & ~(values | closing | between);
    valueNext = (beforeValue >> 63) | carried(behindValue, white);

    const separators = (commas ^ between) | colons;
    const behindSeparator = (separators << 1) | noClose;
    bad |= nextToken(behindSeparator, white) & ~values;
    noClose = (separators >> 63) | carried(behindSeparator, white);

    // From the first byte of a name the carry runs through the string, to its closing quote.
    const nameStarts = (opens & names) | inName;
    const nameSum = nameStarts + inside;
    const nameEnds = nameSum & ~inside;
    inName = u64(nameSum < nameStarts);
    const behindNameEnd = (nameEnds << 1) | colonNext;
    bad |= nextToken(behindNameEnd, white) ^ colons;
    colonNext = (nameEnds >> 63) | carried(behindNameEnd, white);

    const valueEnds = (quotes & ~inside & ~nameEnds) | closing;
    const behindValueEnd = (valueEnds << 1) | (behind & ~scalar) | afterNext;
    bad |= nextToken(behindValueEnd, white) & ~(commas | closing);
    afterNext = (valueEnds >> 63) | carried(behindValueEnd, white);

    if (isWalked) {
      if (areDense(scalarStarts, FEW_AMONG_OTHERS) && !(brackets | quotes | inside)) {
        store<u32>(list, u32(at) | DENSE);
        list += 4;
      } else {
        const tokens = scalarStarts | brackets | (opens & names);
        if (tokens) list = listStarts(list, at, tokens);
      }
    } else {
      let unread = scalarStarts;
      if (areDense(unread, FEW_AMONG_OTHERS)) unread = addDecimals(document + SUM, at, scalar, unread, continued);
      if (unread) list = listStarts(list, at, unread);
    }
  }
  store<u64>(IN_NAME_BIT, inName);
  store<u64>(IN_SCALAR, inScalar);
  store<u64>(NAME_NEXT, nameNext);
  store<u64>(VALUE_NEXT, valueNext);
  store<u64>(NO_CLOSE, noClose);
  store<u64>(COLON_NEXT, colonNext);
  store<u64>(AFTER_NEXT, afterNext);
  return bad ? 0 : list;
}
