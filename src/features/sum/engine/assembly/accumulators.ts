import { INLINE_PAGE, PAGES } from './document';
import { maxDigits, maxExponent } from './limits';
import { allocate, release } from './memory';

/**
 * One accumulator per decimal exponent e, two signed 64-bit lanes: the value is
 * (lane1 + lane0 * 10^8) * 10^e. What is added to a lane is below 10^8, so a lane cannot overflow
 * before 9 * 10^10 numbers, that is in a document below 1.8 * 10^11 bytes.
 *
 * Accumulators come in pages of 64 exponents. The page of -32 to 31 is part of the record; the others
 * are made when first touched and found through a directory.
 */
const PAGE_BYTES: usize = 64 * 16;

/** Number of pages below exponent 0; the lowest exponent is that of the last digit of the longest fraction. */
function lowPages(): u32 {
  return (maxExponent + maxDigits + 32) / 64 + 1;
}

function directoryPages(): u32 {
  return 2 * lowPages() + 1;
}

function farSlot(document: usize, exponent: i32): usize {
  let directory = load<usize>(document, PAGES);
  if (!directory) {
    directory = allocate(directoryPages() * sizeof<usize>());
    store<usize>(document, directory, PAGES);
  }
  const biased = u32(exponent + 32 + i32(lowPages() * 64));
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
export function slot(document: usize, exponent: i32): usize {
  const near = u32(exponent + 32);
  if (near < 64) return document + INLINE_PAGE + (near << 4);
  return farSlot(document, exponent);
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

/** Returns the address of the page with `exponent`, or 0 if nothing was added to any of it. */
function pageOf(document: usize, exponent: i32): usize {
  if (u32(exponent + 32) < 64) return document + INLINE_PAGE;
  const directory = load<usize>(document, PAGES);
  if (!directory) return 0;
  const index = (exponent + 32 + i32(lowPages() * 64)) >> 6;
  if (u32(index) >= directoryPages()) return 0;
  return load<usize>(directory + usize(index) * sizeof<usize>());
}

/** Returns the total added to the digit of 10^exponent: one accumulator's lower and another's upper lane. */
export function lanesAt(document: usize, exponent: i32): i64 {
  let sum: i64 = 0;
  const low = pageOf(document, exponent);
  if (low) sum = load<i64>(low + (((exponent + 32) & 63) << 4), 8);
  const high = pageOf(document, exponent - 8);
  if (high) sum += load<i64>(high + (((exponent + 24) & 63) << 4));
  return sum;
}

function usedIn(page: usize, index: i32): bool {
  return page != 0 && v128.any_true(v128.load(page + (index << 4)));
}

/** Number of exponents below those of the inline page, and above them. */
function farExponents(document: usize): i32 {
  return load<usize>(document, PAGES) ? i32(lowPages() * 64) : 0;
}

/** Returns the lowest exponent whose accumulator is not zero, or the one above all if every one is zero. */
export function lowestUsed(document: usize): i32 {
  const above = farExponents(document) + 32;
  for (let exponent = -farExponents(document) - 32; exponent < above; exponent += 64) {
    const page = pageOf(document, exponent);
    for (let i = 0; page && i < 64; i++) if (usedIn(page, i)) return exponent + i;
  }
  return above;
}

/** Returns the highest exponent whose accumulator is not zero, or the one below all. */
export function highestUsed(document: usize): i32 {
  const below = -farExponents(document) - 33;
  for (let exponent = farExponents(document) - 32; exponent > below; exponent -= 64) {
    const page = pageOf(document, exponent);
    for (let i = 63; page && i >= 0; i--) if (usedIn(page, i)) return exponent + i;
  }
  return below;
}

export function releasePages(document: usize): void {
  const directory = load<usize>(document, PAGES);
  if (!directory) return;
  for (let i: u32 = 0; i < directoryPages(); i++) {
    const page = load<usize>(directory + i * sizeof<usize>());
    if (page) release(page, PAGE_BYTES);
  }
  release(directory, directoryPages() * sizeof<usize>());
}
