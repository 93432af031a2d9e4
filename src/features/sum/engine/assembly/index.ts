import { mostCrowded } from './advice';
import { COUNT, SUM_BEFORE, NODE, releasePages } from './accumulators';
import { scanBlocks } from './blocks';
import { bytewise, restOfName } from './bytewise';
import { writeSum } from './decimal';
import { CONSUMED, PATHS, PHASE, RECORD_BYTES, SUM } from './document';
import { refuseEnd } from './faults';
import { beginFormat, enterFormat, isAtTop, isSequence, top } from './format';
import { maxPathBytes, setLimits } from './limits';
import { endNumber, isNumberEnd, releaseText, resetText } from './literal';
import { allocate, release, WINDOW, WINDOW_BYTES } from './memory';
import { anyChild, COLLAPSED, FLAGS, KEPT, member, NAME, NAME_BYTES, PARENT, ROOT } from './nodes';
import { seedHash } from './name-hash';
import { configureNumbers } from './numbers';
import { addPaths, allPathBytes, closePaths, lastSum, openPaths } from './paths';
import { AFTER_VALUE, START, VALUE } from './phases';
import { TOO_MANY_PATHS, UNEXPECTED_END } from './reasons';
import { releaseStack, resetStack } from './stack';

export { textLength } from './decimal';
export { faultBracket, faultByte, faultOffset, faultPhase, faultReason, faultSeparators } from './faults';
export { usedBytes } from './memory';
export * from './phases';
export * from './reasons';

/** Sets the limits, before the first document. */
export function configure(depth: u32, digits: u32, exponent: u32, paths: u32, pathBytes: f64): void {
  setLimits(depth, digits, exponent, paths, pathBytes);
  configureNumbers();
}

/** Sets the secret of the hash table of names to four random numbers. */
export function seed(a: u32, b: u32, c: u32, d: u32): void {
  seedHash((u64(a) << 32) | u64(b), (u64(c) << 32) | u64(d));
}

export function windowAddress(): usize {
  return WINDOW;
}

export function windowBytes(): usize {
  return WINDOW_BYTES;
}

/** Opens a document of a format of `format.ts`. Returns the address of its record. */
export function open(format: u32): usize {
  const document = allocate(RECORD_BYTES);
  begin(document, format);
  return document;
}

function begin(document: usize, format: u32): void {
  resetStack(document);
  resetText(document);
  beginFormat(document, format);
}

/** Lets a document that has just been opened keep the totals of its paths. Returns the node of its root. */
export function keepPaths(document: usize): usize {
  openPaths(document);
  return load<usize>(load<usize>(document, PATHS), ROOT);
}

/** Returns the node of a member whose name, `length` unescaped bytes, is in the window. It is kept for `collapse`. */
export function memberOf(document: usize, node: usize, length: u32): usize {
  return keep(member(load<usize>(document, PATHS), node, WINDOW, length));
}

/** Returns the node of all elements of an array, or of all members of an object that is collapsed. */
export function elementOf(document: usize, node: usize): usize {
  return keep(anyChild(load<usize>(document, PATHS), node));
}

function keep(node: usize): usize {
  store<u8>(node, load<u8>(node, FLAGS) | KEPT, FLAGS);
  return node;
}

/** Lets all members of an object share one node. */
export function collapse(node: usize): void {
  store<u8>(node, load<u8>(node, FLAGS) | COLLAPSED, FLAGS);
}

/** Scans the first `length` bytes of the window, which continue the document. Returns false after a fault. */
export function scan(document: usize, length: usize): bool {
  enterFormat(document);
  const end = WINDOW + length;
  // Numbers and words that reach the end must meet a byte that belongs to neither.
  v128.store(end, i64x2.splat(0));
  let at = bytewise(document, WINDOW, end, true);
  if (at && load<usize>(document, PATHS)) at = restOfName(document, at, end);
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
  enterFormat(document);
  if (isNumberEnd(load<u32>(document, PHASE))) endNumber(document);
  if (!isAtTop(document) || !mayEnd(load<u32>(document, PHASE))) return refuseEnd(document, UNEXPECTED_END);
  if (load<usize>(document, PATHS)) addPaths(document);
  return writeSum(document + SUM);
}

/** Returns true if a document may end in this phase, outside all brackets. */
function mayEnd(phase: u32): bool {
  if (phase == AFTER_VALUE) return true;
  return top && !isSequence && (phase == START || phase == VALUE);
}

/** Returns how many numbers a document has, once it is finished. */
export function numberCount(document: usize): f64 {
  return f64(load<u64>(document + SUM, COUNT));
}

/** Returns the record of the sum of the path that was found last, or 0 if there is none. */
export function lastPath(document: usize): usize {
  return lastSum(load<usize>(document, PATHS));
}

/** Returns the record of the sum of the path that was found before another, or 0. */
export function pathBefore(sum: usize): usize {
  return load<usize>(sum, SUM_BEFORE);
}

/** Returns the address of the text of a path's sum, as `finish` does. */
export function pathSum(sum: usize): usize {
  return writeSum(sum);
}

export function pathCount(sum: usize): f64 {
  return f64(load<u64>(sum, COUNT));
}

export function pathNode(sum: usize): usize {
  return load<usize>(sum, NODE);
}

/** Returns the node around another, or 0 for that of the root. */
export function parentOf(node: usize): usize {
  return load<usize>(node, PARENT);
}

/** Returns the address of a member's name, `nameBytes` long, or 0 for an element. */
export function nameOf(node: usize): usize {
  return load<usize>(node, NAME);
}

export function nameBytes(node: usize): u32 {
  return load<u32>(node, NAME_BYTES);
}

/** Returns the node of the object whose collapse would save the most paths, or 0. Ends the document. */
export function crowdedObject(document: usize): usize {
  const paths = load<usize>(document, PATHS);
  return mostCrowded(paths, lastSum(paths));
}

/** Refuses a finished document whose paths and sums, so many bytes, are too long together. Returns true if they are not. */
export function admitSums(document: usize, bytes: f64): bool {
  if (allPathBytes(load<usize>(document, PATHS)) + bytes <= maxPathBytes) return true;
  refuseEnd(document, TOO_MANY_PATHS);
  return false;
}

/** Frees all that the document holds. */
export function close(document: usize): void {
  empty(document);
  release(document, RECORD_BYTES);
}

function empty(document: usize): void {
  releasePages(document + SUM);
  closePaths(document);
  releaseStack(document);
  releaseText(document);
}

/** The record that `sum` uses again and again. */
let scratch: usize = 0;

/** Does all of `open`, `scan`, `finish` and `close` for a document that the window holds whole. */
export function sum(length: usize): usize {
  if (!scratch) scratch = allocate(RECORD_BYTES);
  memory.fill(scratch, 0, RECORD_BYTES);
  begin(scratch, 0);
  const text = scan(scratch, length) ? finish(scratch) : 0;
  empty(scratch);
  return text;
}
