import { DEPTH, IN_NAME, KINDS, PATHS, PHASE, WORD_INDEX, WORD_TEXT } from './document';
import { refuseByte } from './faults';
import { countSeparators, isAtTop, separator, top } from './format';
import { maxDepth } from './limits';
import { afterScalar, beginNumber, numberByte } from './literal';
import { addToName, beginName, closePlace, openPlace } from './paths';
import {
  AFTER_SCALAR, AFTER_VALUE, AFTER_NAME, CONTINUATION, ELEMENT_OR_CLOSE, ESCAPE, EXPONENT_DIGITS, HEX, ORDER_MARK_1,
  ORDER_MARK_2, FIRST_DIGIT, NAME, NAME_OR_CLOSE, START, STRING, VALUE, WORD,
} from './phases';
import { TOO_DEEP, UNEXPECTED_BYTE } from './reasons';
import { pop, push } from './stack';
import { continuationByte, escapeByte, hexByte, stringBytes } from './text';

/**
 * The byte-at-a-time automaton. It can stop after any byte, so it takes the ends of chunks, short
 * documents, and all that the block scanner refused: of a document's faults it finds the first.
 */

/** `true`, `false` and `null`, 8 bytes each. */
const WORDS: usize = memory.data<u8>([
  0x74, 0x72, 0x75, 0x65, 0, 0, 0, 0, 0x66, 0x61, 0x6c, 0x73, 0x65, 0, 0, 0, 0x6e, 0x75, 0x6c, 0x6c,
  0, 0, 0, 0,
]);

/**
 * Scans from `at` to `end`, or only as far as the next clean phase if `clean`. Returns the address at
 * which it stopped, or 0 after a fault.
 */
export function bytewise(document: usize, at: usize, end: usize, clean: bool): usize {
  while (at < end) {
    const phase = load<u32>(document, PHASE);
    if (clean && phase <= STRING) return at;
    if (phase < STRING) at = token(document, at, phase);
    else if (phase >= FIRST_DIGIT && phase <= EXPONENT_DIGITS) at = numberByte(document, at, phase);
    else if (phase > EXPONENT_DIGITS) at = rareByte(document, at, phase);
    else at = partOfString(document, at, end, phase);
    if (!at) return 0;
  }
  return at;
}

/** Scans on to the end of the name that `at` is within, if it is. Returns the address behind it, or 0 after a fault. */
export function restOfName(document: usize, at: usize, end: usize): usize {
  while (at && at < end && load<u32>(document, PHASE) == STRING && load<u32>(document, IN_NAME)) {
    at = bytewise(document, partOfString(document, at, end, STRING), end, true);
  }
  return at;
}

/** Scans one or more bytes of a string, and keeps them if they are of a name whose path is wanted. */
function partOfString(document: usize, at: usize, end: usize, phase: u32): usize {
  const next = phase == STRING ? stringBytes(document, at, end) : rareStringByte(document, at, phase);
  const paths = load<usize>(document, PATHS);
  if (paths && next && load<u32>(document, IN_NAME)) addToName(paths, at, next);
  return next;
}

function rareStringByte(document: usize, at: usize, phase: u32): usize {
  if (phase == CONTINUATION) return continuationByte(document, at);
  return phase == ESCAPE ? escapeByte(document, at) : hexByte(document, at);
}

function rareByte(document: usize, at: usize, phase: u32): usize {
  if (phase == WORD) return wordByte(document, at);
  if (phase == AFTER_SCALAR) return byteAfterScalar(document, at);
  return markByte(document, at, phase);
}

/** RFC 8259 section 8.1 allows a parser to ignore a byte-order mark. */
function markByte(document: usize, at: usize, phase: u32): usize {
  const byte = load<u8>(at);
  if (phase == START) {
    store<u32>(document, byte == 0xef ? ORDER_MARK_1 : VALUE, PHASE);
    return byte == 0xef ? at + 1 : at;
  }
  if (byte != (phase == ORDER_MARK_1 ? 0xbb : 0xbf)) return refuseByte(document, at, UNEXPECTED_BYTE);
  store<u32>(document, phase == ORDER_MARK_1 ? ORDER_MARK_2 : VALUE, PHASE);
  return at + 1;
}

function wordByte(document: usize, at: usize): usize {
  const word = load<usize>(document, WORD_TEXT);
  const index = load<u32>(document, WORD_INDEX);
  if (load<u8>(at) != load<u8>(word + index)) return refuseByte(document, at, UNEXPECTED_BYTE);
  store<u32>(document, index + 1, WORD_INDEX);
  if (!load<u8>(word + index + 1)) store<u32>(document, afterScalar(document), PHASE);
  return at + 1;
}

function isWhite(byte: u32): bool {
  return byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09;
}

/** RFC 7464 section 2.4: white space shows that the number or word is whole. */
function byteAfterScalar(document: usize, at: usize): usize {
  if (!isWhite(load<u8>(at))) return refuseByte(document, at, UNEXPECTED_BYTE);
  store<u32>(document, AFTER_VALUE, PHASE);
  return at + 1;
}

/** Reads the byte that separates the values of a format with several. */
function separatorByte(document: usize, at: usize, phase: u32): usize {
  const isBetween = phase == AFTER_VALUE || phase == VALUE;
  if (!isBetween || !isAtTop(document)) return refuseByte(document, at, UNEXPECTED_BYTE);
  countSeparators(document, 1);
  store<u32>(document, VALUE, PHASE);
  return at + 1;
}

function token(document: usize, at: usize, phase: u32): usize {
  const byte = load<u8>(at);
  if (byte == separator) return separatorByte(document, at, phase);
  if (isWhite(byte)) return at + 1;
  if (phase == AFTER_VALUE) return byteAfterValue(document, at, byte);
  if (phase == AFTER_NAME) {
    if (byte != 0x3a) return refuseByte(document, at, UNEXPECTED_BYTE);
    store<u32>(document, VALUE, PHASE);
    return at + 1;
  }
  if (phase == NAME || phase == NAME_OR_CLOSE) {
    if (byte == 0x22) return beginString(document, at, 1);
    if (byte == 0x7d && phase == NAME_OR_CLOSE) return closeBracket(document, at);
    return refuseByte(document, at, UNEXPECTED_BYTE);
  }
  if (byte == 0x5d && phase == ELEMENT_OR_CLOSE) return closeBracket(document, at);
  return value(document, at, byte);
}

function byteAfterValue(document: usize, at: usize, byte: u32): usize {
  const object = u32(load<u64>(document, KINDS) & 1);
  if (!isAtTop(document)) {
    if (byte == (object ? 0x7d : 0x5d)) return closeBracket(document, at);
    if (byte == 0x2c) {
      store<u32>(document, object ? NAME : VALUE, PHASE);
      return at + 1;
    }
  }
  return refuseByte(document, at, UNEXPECTED_BYTE);
}

function value(document: usize, at: usize, byte: u32): usize {
  if (byte == 0x22) return beginString(document, at, 0);
  if (byte == 0x7b || byte == 0x5b) return openBracket(document, at, byte == 0x7b);
  if (byte == 0x2d || byte - 0x30 < 10) return beginNumber(document, at, byte);
  if (byte == 0x74) return beginWord(document, at, WORDS);
  if (byte == 0x66) return beginWord(document, at, WORDS + 8);
  if (byte == 0x6e) return beginWord(document, at, WORDS + 16);
  return refuseByte(document, at, UNEXPECTED_BYTE);
}

function beginString(document: usize, at: usize, name: u32): usize {
  store<u32>(document, name, IN_NAME);
  const paths = load<usize>(document, PATHS);
  if (paths && name) beginName(paths);
  store<u32>(document, STRING, PHASE);
  return at + 1;
}

function beginWord(document: usize, at: usize, word: usize): usize {
  store<usize>(document, word, WORD_TEXT);
  store<u32>(document, 1, WORD_INDEX);
  store<u32>(document, WORD, PHASE);
  return at + 1;
}

function openBracket(document: usize, at: usize, object: bool): usize {
  if (load<u32>(document, DEPTH) - top >= maxDepth) return refuseByte(document, at, TOO_DEEP);
  const paths = load<usize>(document, PATHS);
  if (paths) openPlace(paths);
  push(document, u64(object));
  store<u32>(document, object ? NAME_OR_CLOSE : ELEMENT_OR_CLOSE, PHASE);
  return at + 1;
}

function closeBracket(document: usize, at: usize): usize {
  const paths = load<usize>(document, PATHS);
  if (paths) closePlace(paths);
  pop(document);
  store<u32>(document, AFTER_VALUE, PHASE);
  return at + 1;
}
