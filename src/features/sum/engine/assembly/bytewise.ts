import { DEPTH, IN_NAME, KINDS, PHASE, WORD_INDEX, WORD_TEXT } from './document';
import { refuseByte } from './faults';
import { maxDepth } from './limits';
import { beginNumber, numberByte } from './literal';
import {
  AFTER_VALUE, AFTER_NAME, CONTINUATION, ELEMENT_OR_CLOSE, ESCAPE, EXPONENT_DIGITS, HEX, ORDER_MARK_1,
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
    else if (phase == STRING) at = stringBytes(document, at, end);
    else if (phase >= FIRST_DIGIT && phase <= EXPONENT_DIGITS) at = numberByte(document, at, phase);
    else at = rareByte(document, at, phase);
    if (!at) return 0;
  }
  return at;
}

function rareByte(document: usize, at: usize, phase: u32): usize {
  if (phase == CONTINUATION) return continuationByte(document, at);
  if (phase == ESCAPE) return escapeByte(document, at);
  if (phase == HEX) return hexByte(document, at);
  if (phase == WORD) return wordByte(document, at);
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
  if (!load<u8>(word + index + 1)) store<u32>(document, AFTER_VALUE, PHASE);
  return at + 1;
}

function token(document: usize, at: usize, phase: u32): usize {
  const byte = load<u8>(at);
  if (byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09) return at + 1;
  if (phase == AFTER_VALUE) return separator(document, at, byte);
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

function separator(document: usize, at: usize, byte: u32): usize {
  const object = u32(load<u64>(document, KINDS) & 1);
  if (load<u32>(document, DEPTH)) {
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
  if (load<u32>(document, DEPTH) >= maxDepth) return refuseByte(document, at, TOO_DEEP);
  push(document, u64(object));
  store<u32>(document, object ? NAME_OR_CLOSE : ELEMENT_OR_CLOSE, PHASE);
  return at + 1;
}

function closeBracket(document: usize, at: usize): usize {
  pop(document);
  store<u32>(document, AFTER_VALUE, PHASE);
  return at + 1;
}
