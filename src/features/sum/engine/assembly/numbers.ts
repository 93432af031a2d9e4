import { addPair, AROUND_POINT, FAR_FROM_POINT, ONES } from './accumulators';
import { addDigits, addNonZero, aroundPoint, farFromPoint, nonDigits, upToSixteen } from './digits';
import { TEN, ZERO_DIGIT } from './vectors';
import { maxDigits, maxExponent } from './limits';

/** Reads whole numbers and words, from memory that holds all of their bytes. */

/** 1 for the bytes that may follow a number in a well-formed document. */
const DELIMITERS: usize = memory.data(256);
/** The same, or empty, so that no number is read quickly, where the limits are too tight for that. */
const QUICK_DELIMITERS: usize = memory.data(256);
const QUICK_DIGITS: u32 = 31 + 15;

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
 * makes a number that reaches it such a case. Reads up to 16 bytes back and 64 ahead.
 *
 * Numbers of up to 8 digits before the point and 24 behind it are read here, without a branch on their form: how many digits
 * there are, and whether there is a point, is hard to foresee. All others are read further on.
 */
// @ts-expect-error: decorator
@inline
export function number(sum: usize, start: usize): usize {
  const negative = usize(load<u8>(start) == 0x2d);
  const text = start + negative;
  const sign = -i64(negative);
  const others = nonDigits(text);
  const whole = u32(ctz(others));
  if (whole - 1 >= 8) return longNumber(sum, text, sign, whole);
  const point = text + usize(whole);
  const points = u32(load<u8>(point) == 0x2e);
  const length = points ? u32(ctz(others & (others - 1))) : whole;
  const fraction = length - whole - points;
  // A leading zero, behind which a digit stands, is left to `anyNumber` too.
  if (fraction - points >= 24 || !((load<u8>(text) ^ 0x30) | (others & 2))) return anyNumber(sum, text, sign);
  const end = text + usize(length);
  if (!load<u8>(QUICK_DELIMITERS + usize(load<u8>(end)))) {
    return exponential(sum, text, sign, end, whole, fraction);
  }
  addPair(sum + AROUND_POINT, aroundPoint(point, whole, fraction), sign);
  if (fraction > 8) addPair(sum + FAR_FROM_POINT, farFromPoint(point, fraction), sign);
  return end;
}

/**
 * Does the same as `number` for one whose digits, at most 8 before the point and `fraction` behind it, end at `digitsEnd`: quickly
 * if an exponent of one or two digits follows.
 */
function exponential(sum: usize, text: usize, sign: i64, digitsEnd: usize, whole: u32, fraction: u32): usize {
  const signByte: u32 = load<u8>(digitsEnd + 1);
  const isNegative = i32(signByte == 0x2d);
  const first = digitsEnd + 1 + usize(isNegative | i32(signByte == 0x2b));
  const tens: u32 = load<u8>(first) - 0x30;
  const units: u32 = load<u8>(first, 1) - 0x30;
  // No branches on the number of digits here either.
  const hasTwo = u32(units < 10);
  const size = hasTwo ? tens * 10 + units : tens;
  const end = first + 1 + usize(hasTwo);
  const isShort = (load<u8>(digitsEnd) | 0x20) == 0x65 && tens < 10 && fraction <= 16;
  if (!isShort || !load<u8>(QUICK_DELIMITERS + usize(load<u8>(end)))) return anyNumber(sum, text, sign);
  if (size > maxExponent) return 0;
  const exponent = (i32(size) ^ -isNegative) + isNegative;
  addNonZero(sum, exponent, upToSixteen(text + usize(whole), whole), sign);
  addNonZero(sum, exponent - i32(fraction), upToSixteen(digitsEnd, fraction), sign);
  return end;
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

/** Does the same as `number` for one of `whole` digits before the point: quickly for up to 31, and 15 behind it. */
function longNumber(sum: usize, text: usize, sign: i64, whole: u32): usize {
  if (whole - 1 >= 31 || load<u8>(text) == 0x30) return anyNumber(sum, text, sign);
  const point = text + usize(whole);
  let fraction: u32 = 0;
  let end = point;
  if (load<u8>(point) == 0x2e) {
    fraction = digitRun(point + 1);
    end += 1 + fraction;
    if (fraction - 1 >= 15) return anyNumber(sum, text, sign);
  }
  if (!load<u8>(QUICK_DELIMITERS + usize(load<u8>(end)))) return anyNumber(sum, text, sign);
  const ones = sum + ONES;
  if (whole > 16) addPair(ones + (16 << 4), upToSixteen(point - 16, whole - 16), sign);
  addPair(ones, upToSixteen(point, min<u32>(whole, 16)), sign);
  if (fraction) addPair(ones - (fraction << 4), upToSixteen(end, fraction), sign);
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
