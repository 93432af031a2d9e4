import { DEPTH, FORMAT, PHASE, SEPARATORS } from './document';
import { AFTER_VALUE, START } from './phases';
import { push } from './stack';

/**
 * The formats: one document, JSON Lines, or a JSON text sequence (RFC 7464). The values of the last two stand in an
 * array that is not spelled: the bracket at depth 1. A byte separates them.
 */
const DOCUMENT: u32 = 0;
const LINES: u32 = 1;
const SEQUENCE: u32 = 2;

const LINE_FEED: u32 = 0x0a;
const RECORD_SEPARATOR: u32 = 0x1e;
/** No byte is equal to it. */
const NONE: u32 = 0x100;

/** Of the document that is being scanned: the byte between its values, and the depth at which they stand. */
export let separator: u32 = NONE;
export let top: u32 = 0;
/** True if records must not end with a number or word that may be cut off. */
export let isSequence: bool = false;

export function beginFormat(document: usize, format: u32): void {
  store<u32>(document, format, FORMAT);
  // A sequence begins with a separator.
  store<u32>(document, format == SEQUENCE ? AFTER_VALUE : START, PHASE);
  if (format != DOCUMENT) push(document, 0);
}

/** Sets the variables above. */
export function enterFormat(document: usize): void {
  const format = load<u32>(document, FORMAT);
  isSequence = format == SEQUENCE;
  separator = format == DOCUMENT ? NONE : isSequence ? RECORD_SEPARATOR : LINE_FEED;
  top = u32(format != DOCUMENT);
}

/** Returns true if the next value or separator stands outside all spelled brackets. */
export function isAtTop(document: usize): bool {
  return load<u32>(document, DEPTH) == top;
}

export function countSeparators(document: usize, count: u64): void {
  store<u64>(document, load<u64>(document, SEPARATORS) + count, SEPARATORS);
}

/** Counts the separators from `from` to `to`, all of which stand between values. */
export function countSeparatorsIn(document: usize, from: usize, to: usize): void {
  for (let at = from; at < to; at++) countSeparators(document, u64(load<u8>(at) == separator));
}
