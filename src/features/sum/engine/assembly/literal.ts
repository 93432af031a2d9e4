import { addCount } from './accumulators';
import { addDigits } from './digits';
import {
  CONSUMED, DIGITS, EXPONENT, EXPONENT_NEGATIVE, FRACTION, INLINE_TEXT, INLINE_TEXT_BYTES, NEGATIVE,
  NUMBER_START, PATHS, PHASE, SUM, TEXT, TEXT_CAPACITY,
} from './document';
import { refuseByte, refuseNumber } from './faults';
import { isAtTop, isSequence } from './format';
import { maxDigits, maxExponent } from './limits';
import { allocate, release, WINDOW } from './memory';
import { targetSum } from './paths';
import {
  AFTER_SCALAR, AFTER_VALUE, EXPONENT_DIGITS, EXPONENT_MARK, EXPONENT_SIGN, FRACTION_DIGITS, INTEGER, FIRST_DIGIT, POINT,
  ZERO,
} from './phases';
import { EXPONENT_TOO_LARGE, TOO_MANY_DIGITS, TOO_MANY_PATHS, UNEXPECTED_BYTE } from './reasons';

/**
 * Reads numbers byte by byte. The digits are kept as text until the number ends, because the exponent, which
 * says where they belong, comes last.
 */

export function beginNumber(document: usize, at: usize, byte: u32): usize {
  const paths = load<usize>(document, PATHS);
  if (paths && !targetSum(paths)) return refuseByte(document, at, TOO_MANY_PATHS);
  store<u64>(document, load<u64>(document, CONSUMED) + (at - WINDOW), NUMBER_START);
  store<u32>(document, 0, DIGITS);
  store<u32>(document, 0, FRACTION);
  store<u32>(document, 0, EXPONENT);
  store<u32>(document, u32(byte == 0x2d), NEGATIVE);
  store<u32>(document, 0, EXPONENT_NEGATIVE);
  store<u32>(document, FIRST_DIGIT, PHASE);
  return byte == 0x2d ? at + 1 : at;
}

export function numberByte(document: usize, at: usize, phase: u32): usize {
  const byte: u32 = load<u8>(at);
  if (byte - 0x30 < 10) return digit(document, at, phase, byte);
  if (byte == 0x2e && (phase == ZERO || phase == INTEGER)) {
    store<u32>(document, POINT, PHASE);
    return at + 1;
  }
  const mantissaDone = phase == ZERO || phase == INTEGER || phase == FRACTION_DIGITS;
  if ((byte | 0x20) == 0x65 && mantissaDone) {
    store<u32>(document, EXPONENT_MARK, PHASE);
    return at + 1;
  }
  if ((byte == 0x2b || byte == 0x2d) && phase == EXPONENT_MARK) {
    store<u32>(document, u32(byte == 0x2d), EXPONENT_NEGATIVE);
    store<u32>(document, EXPONENT_SIGN, PHASE);
    return at + 1;
  }
  if (!mantissaDone && phase != EXPONENT_DIGITS) return refuseByte(document, at, UNEXPECTED_BYTE);
  endNumber(document);
  return at;
}

function digit(document: usize, at: usize, phase: u32, byte: u32): usize {
  if (phase >= EXPONENT_MARK) return exponentDigit(document, at, byte);
  // RFC 8259 section 6: no digit follows a leading zero.
  if (phase == ZERO) return refuseAfterZero(document, at);
  const digits = load<u32>(document, DIGITS);
  if (digits >= maxDigits) return refuseNumber(document, TOO_MANY_DIGITS);
  if (digits == load<u32>(document, TEXT_CAPACITY)) growText(document);
  store<u8>(load<usize>(document, TEXT) + digits, byte);
  store<u32>(document, digits + 1, DIGITS);
  if (phase == FIRST_DIGIT) store<u32>(document, byte == 0x30 ? ZERO : INTEGER, PHASE);
  else if (phase != INTEGER) {
    store<u32>(document, load<u32>(document, FRACTION) + 1, FRACTION);
    store<u32>(document, FRACTION_DIGITS, PHASE);
  }
  return at + 1;
}

function refuseAfterZero(document: usize, at: usize): usize {
  store<u32>(document, AFTER_VALUE, PHASE);
  return refuseByte(document, at, UNEXPECTED_BYTE);
}

function exponentDigit(document: usize, at: usize, byte: u32): usize {
  const exponent = load<u32>(document, EXPONENT) * 10 + (byte - 0x30);
  if (exponent > maxExponent) return refuseNumber(document, EXPONENT_TOO_LARGE);
  store<u32>(document, exponent, EXPONENT);
  store<u32>(document, EXPONENT_DIGITS, PHASE);
  return at + 1;
}

/** Returns true if the number under way could end in this phase. */
export function isNumberEnd(phase: u32): bool {
  return phase == ZERO || phase == INTEGER || phase == FRACTION_DIGITS || phase == EXPONENT_DIGITS;
}

export function endNumber(document: usize): void {
  const digits = load<u32>(document, DIGITS);
  const spelled = i32(load<u32>(document, EXPONENT));
  const exponent = load<u32>(document, EXPONENT_NEGATIVE) ? -spelled : spelled;
  const lowest = exponent - i32(load<u32>(document, FRACTION));
  const sign = -i64(load<u32>(document, NEGATIVE));
  const paths = load<usize>(document, PATHS);
  const sum = paths ? targetSum(paths) : document + SUM;
  addDigits(sum, load<usize>(document, TEXT) + digits, digits, lowest, sign);
  addCount(sum, 1);
  if (load<u32>(document, TEXT_CAPACITY) > INLINE_TEXT_BYTES) {
    releaseText(document);
    resetText(document);
  }
  store<u32>(document, afterScalar(document), PHASE);
}

/** Returns the phase behind a number or word. */
export function afterScalar(document: usize): u32 {
  return isSequence && isAtTop(document) ? AFTER_SCALAR : AFTER_VALUE;
}

function growText(document: usize): void {
  const capacity = load<u32>(document, TEXT_CAPACITY);
  const old = load<usize>(document, TEXT);
  const grown = allocate(capacity * 4);
  memory.copy(grown, old, capacity);
  releaseText(document);
  store<usize>(document, grown, TEXT);
  store<u32>(document, capacity * 4, TEXT_CAPACITY);
}

export function releaseText(document: usize): void {
  const capacity = load<u32>(document, TEXT_CAPACITY);
  if (capacity > INLINE_TEXT_BYTES) release(load<usize>(document, TEXT), capacity);
}

export function resetText(document: usize): void {
  store<usize>(document, document + INLINE_TEXT, TEXT);
  store<u32>(document, INLINE_TEXT_BYTES, TEXT_CAPACITY);
}
