import { addSum, SUM_BEFORE, NODE, SUM_BYTES } from './accumulators';
import { FORMAT, PATHS, SUM } from './document';
import { maxPathBytes, maxPaths } from './limits';
import { allocate, release } from './memory';
import { nameEnd, plainEnd, unescape } from './names';
import {
  anyChild, closeTree, COLLAPSED, dropIfBarren, FIRST, FLAGS, isNamedAt, member, NEXT, openTree, PARENT,
  PATH_BYTES, ROOT, SUM_OF, TREE_BYTES,
} from './nodes';

/**
 * The totals of a document's paths: where in the tree of places the scan is, and the sums of the places with numbers. The
 * record begins with the fields of the tree. Each constant is the offset of a field, u32 each unless another type is given.
 */

/** The node of the innermost open bracket; 0 outside all. */
export const CONTAINER: usize = TREE_BYTES;
/** The node of the next value, or 0 if that is an element whose node is not known yet. */
export const TARGET: usize = TREE_BYTES + 4;
/** Address of the field with the member that is expected next; see `nodes.ts`. */
export const HINT: usize = TREE_BYTES + 8;
/** 1 if the text below, and not the target, is the name of the next value. */
const PENDING: usize = TREE_BYTES + 12;
/** A name as it was read byte by byte, with its escapes and its closing quote: address, capacity, length. */
const TEXT: usize = TREE_BYTES + 16;
const TEXT_CAPACITY: usize = TREE_BYTES + 20;
const TEXT_BYTES: usize = TREE_BYTES + 24;
/** The containers around the innermost one: address, capacity, length. */
const STACK: usize = TREE_BYTES + 28;
const STACK_CAPACITY: usize = TREE_BYTES + 32;
const STACK_LENGTH: usize = TREE_BYTES + 36;
/** The last of the sums, each of which has the one before. */
const LAST_SUM: usize = TREE_BYTES + 40;
/** Number of sums. */
const SUM_COUNT: usize = TREE_BYTES + 44;
/** Bytes of their paths. f64 */
const ALL_PATH_BYTES: usize = TREE_BYTES + 48;

const PATHS_BYTES: usize = TREE_BYTES + 56;
const FIRST_TEXT_CAPACITY: u32 = 64;
const FIRST_STACK_CAPACITY: u32 = 16;
/** Bytes behind a name that may be read. */
const TEXT_SPARE: u32 = 16;

/** Keeps the totals of paths for a document that has just been opened. */
export function openPaths(document: usize): void {
  const paths = allocate(PATHS_BYTES);
  openTree(paths);
  store<usize>(paths, allocate(FIRST_TEXT_CAPACITY + TEXT_SPARE), TEXT);
  store<u32>(paths, FIRST_TEXT_CAPACITY, TEXT_CAPACITY);
  store<usize>(paths, allocate(FIRST_STACK_CAPACITY << 2), STACK);
  store<u32>(paths, FIRST_STACK_CAPACITY, STACK_CAPACITY);
  // The values of the formats with several stand in an array.
  const root = load<usize>(paths, ROOT);
  if (load<u32>(document, FORMAT)) enter(paths, root);
  else store<usize>(paths, root, TARGET);
  store<usize>(document, paths, PATHS);
}

function enter(paths: usize, container: usize): void {
  store<usize>(paths, container, CONTAINER);
  store<usize>(paths, 0, TARGET);
  store<usize>(paths, container + FIRST, HINT);
}

export function closePaths(document: usize): void {
  const paths = load<usize>(document, PATHS);
  if (!paths) return;
  closeTree(paths);
  release(load<usize>(paths, TEXT), load<u32>(paths, TEXT_CAPACITY) + TEXT_SPARE);
  release(load<usize>(paths, STACK), load<u32>(paths, STACK_CAPACITY) << 2);
  release(paths, PATHS_BYTES);
}

/** Begins to keep a name that is read byte by byte. */
export function beginName(paths: usize): void {
  store<u32>(paths, 0, TEXT_BYTES);
  store<u32>(paths, 1, PENDING);
}

/** Keeps the bytes of a name from `from` to `to`. */
export function addToName(paths: usize, from: usize, to: usize): void {
  const bytes = load<u32>(paths, TEXT_BYTES);
  const added = u32(to - from);
  reserve(paths, bytes + added);
  memory.copy(load<usize>(paths, TEXT) + bytes, from, added);
  store<u32>(paths, bytes + added, TEXT_BYTES);
}

function reserve(paths: usize, bytes: u32): void {
  const capacity = load<u32>(paths, TEXT_CAPACITY);
  if (bytes <= capacity) return;
  const grown = max<u32>(capacity << 1, bytes);
  const old = load<usize>(paths, TEXT);
  store<usize>(paths, allocate(grown + TEXT_SPARE), TEXT);
  memory.copy(load<usize>(paths, TEXT), old, load<u32>(paths, TEXT_BYTES));
  release(old, capacity + TEXT_SPARE);
  store<u32>(paths, grown, TEXT_CAPACITY);
}

/**
 * Returns the node of the member of `container` whose name stands at `at`, before `end`, and lets `hint`, the field
 * with the expected one, hold it.
 */
// @ts-expect-error: decorator
@inline
export function named(paths: usize, container: usize, hint: usize, at: usize, end: usize): usize {
  if (load<u8>(container, FLAGS) & COLLAPSED) return anyChild(paths, container);
  const expected = load<usize>(hint);
  if (expected && load<usize>(expected, PARENT) == container && isNamedAt(expected, at, end)) return expected;
  const found = lookUp(paths, container, at);
  store<usize>(hint, found);
  return found;
}

function lookUp(paths: usize, container: usize, at: usize): usize {
  const end = plainEnd(at);
  if (load<u8>(end) == 0x22) return member(paths, container, at, u32(end - at));
  reserve(paths, u32(nameEnd(end) - at));
  const text = load<usize>(paths, TEXT);
  return member(paths, container, text, unescape(at, text));
}

/** Makes the member whose name stands at `at`, before `end`, the target. */
export function setTarget(paths: usize, at: usize, end: usize): void {
  const target = named(paths, load<usize>(paths, CONTAINER), load<usize>(paths, HINT), at, end);
  store<usize>(paths, target, TARGET);
  store<usize>(paths, target + NEXT, HINT);
}

/** Makes the target known if the next value's name was read byte by byte. */
export function settleName(paths: usize): void {
  if (!load<u32>(paths, PENDING)) return;
  store<u32>(paths, 0, PENDING);
  const text = load<usize>(paths, TEXT);
  setTarget(paths, text, text + load<u32>(paths, TEXT_BYTES));
}

/** Returns the node of the next value. */
function target(paths: usize): usize {
  settleName(paths);
  const known = load<usize>(paths, TARGET);
  if (known) return known;
  const element = anyChild(paths, load<usize>(paths, CONTAINER));
  store<usize>(paths, element, TARGET);
  return element;
}

/** Enters the bracket that the next value opens. */
export function openPlace(paths: usize): void {
  const container = target(paths);
  push(paths, load<usize>(paths, CONTAINER));
  enter(paths, container);
}

/** Puts a container on the stack of those around the innermost one. */
// @ts-expect-error: decorator
@inline
export function push(paths: usize, container: usize): void {
  const length = load<u32>(paths, STACK_LENGTH);
  if (length == load<u32>(paths, STACK_CAPACITY)) growStack(paths, length);
  store<usize>(load<usize>(paths, STACK) + (usize(length) << 2), container);
  store<u32>(paths, length + 1, STACK_LENGTH);
}

function growStack(paths: usize, length: u32): void {
  const old = load<usize>(paths, STACK);
  store<usize>(paths, allocate(usize(length) << 3), STACK);
  memory.copy(load<usize>(paths, STACK), old, usize(length) << 2);
  release(old, usize(length) << 2);
  store<u32>(paths, length << 1, STACK_CAPACITY);
}

/** Takes the innermost container but one from the stack. */
// @ts-expect-error: decorator
@inline
export function pop(paths: usize): usize {
  const length = load<u32>(paths, STACK_LENGTH) - 1;
  store<u32>(paths, length, STACK_LENGTH);
  return load<usize>(load<usize>(paths, STACK) + (usize(length) << 2));
}

/** Leaves the innermost bracket. */
export function closePlace(paths: usize): void {
  const container = pop(paths);
  const left = dropIfBarren(paths, load<usize>(paths, CONTAINER));
  store<usize>(paths, container, CONTAINER);
  store<usize>(paths, left, TARGET);
  store<usize>(paths, left ? left + NEXT : container + FIRST, HINT);
  store<u32>(paths, 0, PENDING);
}

/** Returns the sum of the next value's place, a new one if need be, or 0 if there are too many paths. */
export function targetSum(paths: usize): usize {
  const node = target(paths);
  const sum = load<usize>(node, SUM_OF);
  return sum ? sum : addPath(paths, node);
}

/** Returns a new sum for a node, or 0 if there are too many paths. */
export function addPath(paths: usize, node: usize): usize {
  const count = load<u32>(paths, SUM_COUNT);
  const bytes = load<f64>(paths, ALL_PATH_BYTES) + f64(load<u32>(node, PATH_BYTES));
  if (count >= maxPaths || bytes > maxPathBytes) return 0;
  const sum = allocate(SUM_BYTES);
  store<usize>(sum, node, NODE);
  store<usize>(sum, load<usize>(paths, LAST_SUM), SUM_BEFORE);
  store<usize>(paths, sum, LAST_SUM);
  store<u32>(paths, count + 1, SUM_COUNT);
  store<f64>(paths, bytes, ALL_PATH_BYTES);
  store<usize>(node, sum, SUM_OF);
  return sum;
}

/** Returns the record of the last path's sum, or 0. */
export function lastSum(paths: usize): usize {
  return load<usize>(paths, LAST_SUM);
}

/** Bytes of all paths, as the limit counts them. */
export function allPathBytes(paths: usize): f64 {
  return load<f64>(paths, ALL_PATH_BYTES);
}

/** Adds the totals of all paths to the document's. */
export function addPaths(document: usize): void {
  for (let sum = lastSum(load<usize>(document, PATHS)); sum; sum = load<usize>(sum, SUM_BEFORE)) {
    addSum(document + SUM, sum);
  }
}

