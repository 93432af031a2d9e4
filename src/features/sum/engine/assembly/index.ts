import { releasePages } from './accumulators';
import { scanBlocks } from './blocks';
import { bytewise } from './bytewise';
import { writeSum } from './decimal';
import { CONSUMED, DEPTH, PHASE, RECORD_BYTES } from './document';
import { refuseEnd } from './faults';
import { setLimits } from './limits';
import { endNumber, isNumberEnd, releaseText, resetText } from './literal';
import { allocate, release, WINDOW, WINDOW_BYTES } from './memory';
import { configureNumbers } from './numbers';
import { AFTER_VALUE, START } from './phases';
import { releaseStack, resetStack } from './stack';

export { textLength } from './decimal';
export { faultBracket, faultByte, faultOffset, faultPhase, faultReason } from './faults';
export { usedBytes } from './memory';
export * from './phases';
export * from './reasons';

/** Sets the limits, before the first document. */
export function configure(depth: u32, digits: u32, exponent: u32): void {
  setLimits(depth, digits, exponent);
  configureNumbers();
}

export function windowAddress(): usize {
  return WINDOW;
}

export function windowBytes(): usize {
  return WINDOW_BYTES;
}

/** Opens a document. Returns the address of its record. */
export function open(): usize {
  const document = allocate(RECORD_BYTES);
  begin(document);
  return document;
}

function begin(document: usize): void {
  store<u32>(document, START, PHASE);
  resetStack(document);
  resetText(document);
}

/** Scans the first `length` bytes of the window, which continue the document. Returns false after a fault. */
export function scan(document: usize, length: usize): bool {
  const end = WINDOW + length;
  // Numbers and words that reach the end must meet a byte that belongs to neither.
  v128.store(end, i64x2.splat(0));
  let at = bytewise(document, WINDOW, end, true);
  if (at) at = scanBlocks(document, at, end);
  if (at) at = bytewise(document, at, end, false);
  store<u64>(document, load<u64>(document, CONSUMED) + length, CONSUMED);
  return at != 0;
}

/**
 * Ends the document. Returns the address of the sum's text, `textLength()` bytes that stand until the
 * next call, or 0 if the document is incomplete.
 */
export function finish(document: usize): usize {
  const phase = load<u32>(document, PHASE);
  const complete = phase == AFTER_VALUE || isNumberEnd(phase);
  if (!complete || load<u32>(document, DEPTH)) return refuseEnd(document);
  if (phase != AFTER_VALUE) endNumber(document);
  return writeSum(document);
}

/** Frees all that the document holds. */
export function close(document: usize): void {
  empty(document);
  release(document, RECORD_BYTES);
}

function empty(document: usize): void {
  releasePages(document);
  releaseStack(document);
  releaseText(document);
}

/** The record that `sum` uses again and again. */
let scratch: usize = 0;

/** Does all of `open`, `scan`, `finish` and `close` for a document that the window holds whole. */
export function sum(length: usize): usize {
  if (!scratch) scratch = allocate(RECORD_BYTES);
  memory.fill(scratch, 0, RECORD_BYTES);
  begin(scratch);
  const text = scan(scratch, length) ? finish(scratch) : 0;
  empty(scratch);
  return text;
}
