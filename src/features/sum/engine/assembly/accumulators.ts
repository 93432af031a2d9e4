import { maxDigits, maxExponent } from './limits';
import { allocate, release } from './memory';

/**
 * The record of one exact sum, of a document or of one of its paths. Each constant is the offset of a field.
 *
 * One accumulator per decimal exponent e, two signed 64-bit lanes: the value is (lane1 + lane0 * 10^8) * 10^e. What is
 * added to a lane is below 10^8, so a lane cannot overflow before 9 * 10^10 numbers, that is in a document below
 * 1.8 * 10^11 bytes.
 *
 * The accumulators of the exponents -32 to 27 are part of the record. The others come in pages of 64, which are made when
 * first touched and found through a directory. Those in the record stand for a page too, whose last four places are
 * missing: the place of an accumulator is its exponent, and four more from 28 on.
 */

/** Directory of the pages, or 0. u32 */
const PAGES: usize = 0;
/** The node of the path, and the record of the path that was found before; both 0 in that of a whole document. u32 each */
export const NODE: usize = 4;
export const SUM_BEFORE: usize = 8;
/** Number of the numbers that were added. u64 */
export const COUNT: usize = 16;
/** The accumulators within the record. */
const INLINE: usize = 64;
const INLINE_EXPONENTS: i32 = 60;
const MISSING_PLACES: i32 = 4;
/** The first place of the page in the record, which has 60 and not 64. */
const INLINE_FIRST: i32 = -32;
/** The accumulators of the exponents 0, -8 and -24. */
export const ONES: usize = INLINE + 32 * 16;
export const AROUND_POINT: usize = ONES - 8 * 16;
export const FAR_FROM_POINT: usize = ONES - 24 * 16;

export const SUM_BYTES: usize = 1024;
const PAGE_BYTES: usize = 64 * 16;

/** Number of pages below exponent 0; the lowest exponent is that of the last digit of the longest fraction. */
function lowPages(): u32 {
  return (maxExponent + maxDigits + 32) / 64 + 1;
}

function directoryPages(): u32 {
  return 2 * lowPages() + 1;
}

// @ts-expect-error: decorator
@inline
function placeOf(exponent: i32): i32 {
  return exponent < INLINE_FIRST + INLINE_EXPONENTS ? exponent : exponent + MISSING_PLACES;
}

function exponentAt(place: i32): i32 {
  return place < INLINE_FIRST + INLINE_EXPONENTS ? place : place - MISSING_PLACES;
}

function farSlot(sum: usize, exponent: i32): usize {
  let directory = load<usize>(sum, PAGES);
  if (!directory) {
    directory = allocate(directoryPages() * sizeof<usize>());
    store<usize>(sum, directory, PAGES);
  }
  const biased = u32(placeOf(exponent) - INLINE_FIRST + i32(lowPages() * 64));
  const entry = directory + (biased >> 6) * sizeof<usize>();
  let page = load<usize>(entry);
  if (!page) {
    page = allocate(PAGE_BYTES);
    store<usize>(entry, page);
  }
  return page + ((biased & 63) << 4);
}

/** Returns the address of the accumulator of `exponent`. */
// @ts-expect-error: decorator
@inline
export function slot(sum: usize, exponent: i32): usize {
  const near = u32(exponent - INLINE_FIRST);
  if (near < u32(INLINE_EXPONENTS)) return sum + INLINE + (near << 4);
  return farSlot(sum, exponent);
}

/** Adds `pair`, or its negative where `sign` is -1 rather than 0, to the accumulator at `address`. */
// @ts-expect-error: decorator
@inline
export function addPair(address: usize, pair: v128, sign: i64): void {
  const signs = i64x2.splat(sign);
  const signed = i64x2.sub(v128.xor(pair, signs), signs);
  v128.store(address, i64x2.add(v128.load(address), signed));
}

/** Adds `value`, below 10^8, to the lower lane of the accumulator at `address`. */
// @ts-expect-error: decorator
@inline
export function addSmall(address: usize, value: u64, sign: i64): void {
  store<i64>(address, load<i64>(address, 8) + ((i64(value) ^ sign) - sign), 8);
}

// @ts-expect-error: decorator
@inline
export function addCount(sum: usize, numbers: u64): void {
  store<u64>(sum, load<u64>(sum, COUNT) + numbers, COUNT);
}

/** Returns the address of the page that begins with the place `first`, or 0 if nothing was added to it. */
function pageOf(sum: usize, first: i32): usize {
  if (first == INLINE_FIRST) return sum + INLINE;
  const directory = load<usize>(sum, PAGES);
  if (!directory) return 0;
  const index = (first - INLINE_FIRST + i32(lowPages() * 64)) >> 6;
  return u32(index) < directoryPages() ? load<usize>(directory + usize(index) * sizeof<usize>()) : 0;
}

/** Returns the address of the accumulator of `exponent`, or 0 if nothing was added near it. */
function slotOf(sum: usize, exponent: i32): usize {
  const near = u32(exponent - INLINE_FIRST);
  if (near < u32(INLINE_EXPONENTS)) return sum + INLINE + (near << 4);
  const index = (placeOf(exponent) - INLINE_FIRST) & 63;
  const page = pageOf(sum, placeOf(exponent) - index);
  return page ? page + (index << 4) : 0;
}

/** Returns the total added to the digit of 10^exponent: one accumulator's lower and another's upper lane. */
export function lanesAt(sum: usize, exponent: i32): i64 {
  const low = slotOf(sum, exponent);
  const high = slotOf(sum, exponent - 8);
  return (low ? load<i64>(low, 8) : 0) + (high ? load<i64>(high) : 0);
}

/** Number of places in pages below the one in the record, and above it. */
function farPlaces(sum: usize): i32 {
  return load<usize>(sum, PAGES) ? i32(lowPages() * 64) : 0;
}

function pageSize(first: i32): i32 {
  return first == INLINE_FIRST ? INLINE_EXPONENTS : 64;
}

// @ts-expect-error: decorator
@inline
function isUsed(page: usize, index: i32): bool {
  return v128.any_true(v128.load(page + (index << 4)));
}

/** Returns the lowest exponent whose accumulator is not zero, or one above those of all pages if every one is zero. */
export function lowestUsed(sum: usize): i32 {
  const above = farPlaces(sum) - INLINE_FIRST;
  for (let first = -above; first < above; first += 64) {
    const page = pageOf(sum, first);
    const size = pageSize(first);
    for (let i = 0; page && i < size; i++) if (isUsed(page, i)) return exponentAt(first + i);
  }
  return above;
}

/** Returns the highest exponent whose accumulator is not zero, or one below those of all pages. */
export function highestUsed(sum: usize): i32 {
  const above = farPlaces(sum) - INLINE_FIRST;
  for (let first = above - 64; first >= -above; first -= 64) {
    const page = pageOf(sum, first);
    for (let i = pageSize(first) - 1; page && i >= 0; i--) if (isUsed(page, i)) return exponentAt(first + i);
  }
  return -above - 1;
}

/** Adds all of another sum, its count too. */
export function addSum(sum: usize, other: usize): void {
  addCount(sum, load<u64>(other, COUNT));
  const above = farPlaces(other) - INLINE_FIRST;
  for (let first = -above; first < above; first += 64) {
    const page = pageOf(other, first);
    const size = pageSize(first);
    for (let i = 0; page && i < size; i++) {
      if (isUsed(page, i)) addPair(slot(sum, exponentAt(first + i)), v128.load(page + (i << 4)), 0);
    }
  }
}

export function releasePages(sum: usize): void {
  const directory = load<usize>(sum, PAGES);
  if (!directory) return;
  for (let i: u32 = 0; i < directoryPages(); i++) {
    const page = load<usize>(directory + i * sizeof<usize>());
    if (page) release(page, PAGE_BYTES);
  }
  release(directory, directoryPages() * sizeof<usize>());
}
