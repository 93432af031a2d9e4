import { addPair, addSmall, ONES } from './accumulators';
import { TEN, ZERO_DIGIT } from './vectors';
import { addDigits, eightDigits, upToSixteen } from './digits';
import { maxDigits, maxExponent } from './limits';

/** Reads whole numbers and words, from memory that holds all of their bytes. */

/** 1 for the bytes that may follow a number in a well-formed document. */
const DELIMITERS: usize = memory.data(256);
/** The same, or empty, so that no number is read quickly, where the limits are too tight for that. */
const QUICK_DELIMITERS: usize = memory.data(256);
const QUICK_DIGITS: u32 = 7 + 31;

function setDelimiters(table: usize, value: u8): void {
  store<u8>(table + 0x20, value);
  store<u8>(table + 0x09, value);
  store<u8>(table + 0x0a, value);
  store<u8>(table + 0x0d, value);
  store<u8>(table + 0x2c, value);
  store<u8>(table + 0x5d, value);
  store<u8>(table + 0x7d, value);
}

setDelimiters(DELIMITERS, 1);

/** Adapts to the limits. Call it once they are set. */
export function configureNumbers(): void {
  setDelimiters(QUICK_DELIMITERS, u8(maxDigits >= QUICK_DIGITS));
}

// @ts-expect-error: decorator
@inline
function isDelimiter(byte: u32): bool {
  return load<u8>(DELIMITERS + byte) != 0;
}

/** Returns true if `byte` would be part of a number or word: no white space, bracket, separator or quote. */
export function isScalarByte(byte: u32): bool {
  const lower = byte | 0x20;
  if (byte <= 0x20 || lower == 0x7b || lower == 0x7d) return false;
  return byte != 0x2c && byte != 0x3a && byte != 0x22;
}

/** Returns the number of digits that the 16 bytes at `text` begin with. */
// @ts-expect-error: decorator
@inline
function digitRun(text: usize): u32 {
  const others = i8x16.ge_u(i8x16.sub(v128.load(text), v128.load(ZERO_DIGIT)), v128.load(TEN));
  return u32(ctz(i8x16.bitmask(others) | 0x10000));
}

/**
 * Adds the number at `start`. Returns the address behind it, or 0, having added nothing, if it is
 * malformed, breaks a limit or is not followed by a delimiter. A zero byte behind the window's data
 * makes a number that reaches it such a case. Reads up to 16 bytes back and 48 ahead.
 *
 * Numbers of up to 7 digits before the point and 31 behind it are read here, all others further on.
 */
// @ts-expect-error: decorator
@inline
export function number(sum: usize, start: usize): usize {
  const negative = usize(load<u8>(start) == 0x2d);
  const text = start + negative;
  const sign = -i64(negative);
  const bytes = load<u64>(text);
  const digits = bytes ^ 0x3030303030303030;
  // The lowest set bit is in the first byte that is no digit; what a carry sets is above that.
  const others = (digits | (digits + 0x0606060606060606)) & 0xf0f0f0f0f0f0f0f0;
  const bits = ctz(others) & 0x78;
  // Without a branch: how many digits there are is hard to foresee.
  const leadingZero = u64(!(digits & 0xff)) & u64(bits != 8);
  if (((bits - 8) | (leadingZero << 6)) < 56) {
    const wholeEnd = text + usize(bits >> 3);
    const after = usize((bytes >> bits) & 0xff);
    if (load<u8>(QUICK_DELIMITERS + after)) {
      addSmall(sum + ONES, eightDigits(digits << (64 - bits)), sign);
      return wholeEnd;
    }
    if (after == 0x2e) {
      const fraction = digitRun(wholeEnd + 1);
      let end = wholeEnd + 1 + fraction;
      let more: u32 = 0;
      if (fraction == 16) {
        more = digitRun(end);
        end += more;
      }
      if (fraction && more < 16 && load<u8>(QUICK_DELIMITERS + usize(load<u8>(end)))) {
        const ones = sum + ONES;
        addSmall(ones, eightDigits(digits << (64 - bits)), sign);
        if (fraction == 16) addPair(ones - (more << 4), upToSixteen(end - 16, more), sign);
        addPair(ones - ((fraction + more) << 4), upToSixteen(end, fraction), sign);
        return end;
      }
    }
  }
  return others ? anyNumber(sum, text, sign) : longInteger(sum, text, sign);
}

/** Returns the end of the digits at `at`. */
function digitsEnd(at: usize): usize {
  let run: u32;
  do {
    run = digitRun(at);
    at += run;
  } while (run == 16);
  return at;
}

/** Does the same as `number` if the first 8 bytes at `text` are digits: quickly for an integer of up to 31. */
function longInteger(sum: usize, text: usize, sign: i64): usize {
  const run = digitRun(text);
  const more = run == 16 ? digitRun(text + 16) : 0;
  const end = text + run + more;
  const quick = load<u8>(QUICK_DELIMITERS + usize(load<u8>(end)));
  if (!quick || more == 16 || load<u8>(text) == 0x30) return anyNumber(sum, text, sign);
  const ones = sum + ONES;
  if (more) addPair(ones + (16 << 4), upToSixteen(end - 16, more), sign);
  addPair(ones, upToSixteen(end, run), sign);
  return end;
}

/** Does the same as `number` for any length and form, from the first digit on. */
function anyNumber(sum: usize, text: usize, sign: i64): usize {
  const wholeEnd = digitsEnd(text);
  const whole = u32(wholeEnd - text);
  if (!whole || (load<u8>(text) == 0x30 && whole != 1)) return 0;
  let end = wholeEnd;
  let fraction: u32 = 0;
  if (load<u8>(end) == 0x2e) {
    end = digitsEnd(wholeEnd + 1);
    fraction = u32(end - wholeEnd - 1);
    if (!fraction) return 0;
  }
  if (whole + fraction > maxDigits) return 0;
  const fractionEnd = end;
  let exponent: i32 = 0;
  if ((load<u8>(end) | 0x20) == 0x65) {
    const signByte: u32 = load<u8>(end + 1);
    const digits = end + 1 + usize(signByte == 0x2b || signByte == 0x2d);
    end = digitsEnd(digits);
    if (end == digits) return 0;
    exponent = exponentValue(digits, end);
    if (exponent > i32(maxExponent)) return 0;
    if (signByte == 0x2d) exponent = -exponent;
  }
  if (!isDelimiter(load<u8>(end))) return 0;
  addDigits(sum, wholeEnd, whole, exponent, sign);
  if (fraction) addDigits(sum, fractionEnd, fraction, exponent - i32(fraction), sign);
  return end;
}

/** Returns the value of an exponent's digits, at most `maxExponent` + 1. */
function exponentValue(at: usize, end: usize): i32 {
  let value: u32 = 0;
  while (at < end) {
    value = value * 10 + (load<u8>(at) - 0x30);
    if (value > maxExponent) return i32(maxExponent) + 1;
    at++;
  }
  return i32(value);
}

/** Returns the address behind `true`, `false` or `null` at `start`, or 0. */
export function word(start: usize): usize {
  const four = load<u32>(start);
  let end = start + 4;
  if (four == 0x736c6166 && load<u8>(end) == 0x65) end++;
  else if (four != 0x65757274 && four != 0x6c6c756e) return 0;
  return isDelimiter(load<u8>(end)) ? end : 0;
}
