import { releasePages, SUM_BYTES } from './accumulators';
import { allocate, release } from './memory';
import { FIRST_OF_16, hashOf } from './name-hash';

/**
 * The places of a document, as a tree of nodes: a node for each member of an object, and one for all elements of an
 * array. A member is found by its predecessor, whose successor is mostly the same each time, or else in a hash table.
 * Each constant is the offset of a field. u32 each, unless another type is given.
 */

/** The node of the object or array around the place; 0 in the root and in free nodes. */
export const PARENT: usize = 0;
/** The record of the place's sum, or 0 if no number stood there. */
export const SUM_OF: usize = 4;
/** The node of all elements of the place, or of all its members if it is collapsed; or 0. */
export const ANY_CHILD: usize = 8;
/** Address and length of the member's name, unescaped and with a quote behind it; 0 in a node of elements. */
export const NAME: usize = 12;
export const NAME_BYTES: usize = 16;
export const HASH: usize = 20;
/** The next node in its bucket of the hash table, or in the list of free nodes. */
const CHAIN: usize = 24;
/** The member that followed this one last time, and the one that was first in this object. */
export const NEXT: usize = 28;
export const FIRST: usize = 32;
/** Number of members. */
const MEMBERS: usize = 36;
/** Bytes of the path, as the limit counts them. */
export const PATH_BYTES: usize = 40;
/** Sum of the flags below. u8 */
export const FLAGS: usize = 44;
/** Bytes of the name and the quote if they are spelled so in the document, up to 16; or 0. u8 */
const QUICK_BYTES: usize = 45;
/** A name of up to 15 bytes, with zeroes behind its quote. */
const INLINE_NAME: usize = 48;
const INLINE_NAME_BYTES: u32 = 15;
const NODE_BYTES: usize = 64;

/** The members of the object share one node. */
export const COLLAPSED: u8 = 1;
/** The name has no byte that must be escaped. */
const UNESCAPED: u8 = 2;
/** The node is needed even if no number stands in its place. */
export const KEPT: u8 = 4;

/** The tree of a document. Each constant is the offset of a field, u32 each. */
export const ROOT: usize = 0;
/** The hash table: address and number of buckets, a power of two. */
const BUCKETS: usize = 4;
const BUCKET_COUNT: usize = 8;
/** Nodes in use. */
const NODES: usize = 12;
/** The first of the free nodes. */
const FREE: usize = 16;
/** The latest slab of nodes; the first word of each is the one before. */
const SLABS: usize = 20;
/** Bytes that the other fields of `paths.ts` may take from. */
export const TREE_BYTES: usize = 32;

const SLAB_BYTES: usize = 4096;
const FIRST_BUCKETS: u32 = 64;
/** Number of nodes from which those without numbers are removed. */
const MANY_NODES: u32 = 16_384;

export function openTree(tree: usize): void {
  store<usize>(tree, allocate(FIRST_BUCKETS << 2), BUCKETS);
  store<u32>(tree, FIRST_BUCKETS, BUCKET_COUNT);
  const root = takeNode(tree);
  store<u8>(root, KEPT, FLAGS);
  store<u32>(root, 1, PATH_BYTES);
  store<usize>(tree, root, ROOT);
}

function takeNode(tree: usize): usize {
  if (!load<usize>(tree, FREE)) addSlab(tree);
  const node = load<usize>(tree, FREE);
  store<usize>(tree, load<usize>(node, CHAIN), FREE);
  memory.fill(node, 0, NODE_BYTES);
  store<u32>(tree, load<u32>(tree, NODES) + 1, NODES);
  return node;
}

function addSlab(tree: usize): void {
  const slab = allocate(SLAB_BYTES);
  store<usize>(slab, load<usize>(tree, SLABS));
  store<usize>(tree, slab, SLABS);
  for (let node = slab + NODE_BYTES; node < slab + SLAB_BYTES; node += NODE_BYTES) putBack(tree, node);
}

function putBack(tree: usize, node: usize): void {
  store<usize>(node, 0, PARENT);
  store<usize>(node, load<usize>(tree, FREE), CHAIN);
  store<usize>(tree, node, FREE);
}

/**
 * Returns true if the name of the node of a member stands at `at`, spelled without escapes and with a quote behind it.
 * Nothing of a name stands at `end`.
 */
// @ts-expect-error: decorator
@inline
export function isNamedAt(node: usize, at: usize, end: usize): bool {
  const quick: u32 = load<u8>(node, QUICK_BYTES);
  if (!quick) return isLongNameAt(node, at, end);
  const other = v128.xor(v128.load(at), v128.load(node, INLINE_NAME));
  return !v128.any_true(v128.and(other, v128.load(FIRST_OF_16 + 16 - usize(quick))));
}

function isLongNameAt(node: usize, at: usize, end: usize): bool {
  const bytes = load<u32>(node, NAME_BYTES);
  if (!(load<u8>(node, FLAGS) & UNESCAPED) || at + bytes >= end) return false;
  return memory.compare(at, load<usize>(node, NAME), bytes + 1) == 0;
}

/** Returns the node of the member of `parent` with this name, or 0. */
function find(tree: usize, parent: usize, name: usize, bytes: u32, hash: u32): usize {
  let node = load<usize>(bucketOf(tree, hash));
  while (node) {
    const same = load<u32>(node, HASH) == hash && load<usize>(node, PARENT) == parent;
    if (same && load<u32>(node, NAME_BYTES) == bytes) {
      if (!memory.compare(load<usize>(node, NAME), name, bytes)) return node;
    }
    node = load<usize>(node, CHAIN);
  }
  return 0;
}

function bucketOf(tree: usize, hash: u32): usize {
  return load<usize>(tree, BUCKETS) + (usize(hash & (load<u32>(tree, BUCKET_COUNT) - 1)) << 2);
}

/** Returns the node of the member of `parent` whose unescaped name is given, a new one if need be. Reads 15 bytes behind it. */
export function member(tree: usize, parent: usize, name: usize, bytes: u32): usize {
  const hash = hashOf(parent, name, bytes);
  const found = find(tree, parent, name, bytes, hash);
  if (found) return found;
  const node = takeNode(tree);
  store<usize>(node, parent, PARENT);
  store<u32>(node, hash, HASH);
  store<u32>(node, bytes, NAME_BYTES);
  store<u32>(node, load<u32>(parent, PATH_BYTES) + bytes + 4, PATH_BYTES);
  setName(node, name, bytes);
  store<u32>(parent, load<u32>(parent, MEMBERS) + 1, MEMBERS);
  addToTable(tree, node, hash);
  return node;
}

function setName(node: usize, name: usize, bytes: u32): void {
  const text = bytes <= INLINE_NAME_BYTES ? node + INLINE_NAME : allocate(bytes + 1);
  memory.copy(text, name, bytes);
  store<u8>(text + bytes, 0x22);
  store<usize>(node, text, NAME);
  let unescaped = true;
  for (let i: u32 = 0; i < bytes; i++) {
    const byte = load<u8>(text + i);
    if (byte == 0x22 || byte == 0x5c) unescaped = false;
  }
  if (!unescaped) return;
  store<u8>(node, UNESCAPED, FLAGS);
  if (bytes <= INLINE_NAME_BYTES) store<u8>(node, bytes + 1, QUICK_BYTES);
}

function addToTable(tree: usize, node: usize, hash: u32): void {
  const count = load<u32>(tree, BUCKET_COUNT);
  if (load<u32>(tree, NODES) > count) growTable(tree, count);
  const bucket = bucketOf(tree, hash);
  store<usize>(node, load<usize>(bucket), CHAIN);
  store<usize>(bucket, node);
}

function growTable(tree: usize, count: u32): void {
  const old = load<usize>(tree, BUCKETS);
  store<usize>(tree, allocate(usize(count) << 3), BUCKETS);
  store<u32>(tree, count << 1, BUCKET_COUNT);
  for (let i: u32 = 0; i < count; i++) {
    let node = load<usize>(old + (usize(i) << 2));
    while (node) {
      const next = load<usize>(node, CHAIN);
      const bucket = bucketOf(tree, load<u32>(node, HASH));
      store<usize>(node, load<usize>(bucket), CHAIN);
      store<usize>(bucket, node);
      node = next;
    }
  }
  release(old, usize(count) << 2);
}

/** Returns the node of all elements of `parent`, or of all its members if it is collapsed; a new one if need be. */
export function anyChild(tree: usize, parent: usize): usize {
  const known = load<usize>(parent, ANY_CHILD);
  if (known) return known;
  const node = takeNode(tree);
  store<usize>(node, parent, PARENT);
  store<u32>(node, load<u32>(parent, PATH_BYTES) + 3, PATH_BYTES);
  store<usize>(parent, node, ANY_CHILD);
  return node;
}

/** Removes a node in and below whose place no number stood, if there are many nodes. Returns the node, or 0. */
// @ts-expect-error: decorator
@inline
export function dropIfBarren(tree: usize, node: usize): usize {
  if (load<u32>(tree, NODES) < MANY_NODES) return node;
  return drop(tree, node);
}

function drop(tree: usize, node: usize): usize {
  const children = load<u32>(node, MEMBERS) | load<u32>(node, ANY_CHILD);
  if (children || load<u32>(node, SUM_OF) || load<u8>(node, FLAGS) & KEPT) return node;
  const parent = load<usize>(node, PARENT);
  if (load<usize>(parent, ANY_CHILD) == node) store<usize>(parent, 0, ANY_CHILD);
  else {
    takeFromTable(tree, node);
    store<u32>(parent, load<u32>(parent, MEMBERS) - 1, MEMBERS);
    releaseName(node);
  }
  putBack(tree, node);
  store<u32>(tree, load<u32>(tree, NODES) - 1, NODES);
  return 0;
}

function takeFromTable(tree: usize, node: usize): void {
  let link = bucketOf(tree, load<u32>(node, HASH));
  if (load<usize>(link) != node) {
    link = load<usize>(link);
    while (load<usize>(link, CHAIN) != node) link = load<usize>(link, CHAIN);
    link += CHAIN;
  }
  store<usize>(link, load<usize>(node, CHAIN));
}

function releaseName(node: usize): void {
  const bytes = load<u32>(node, NAME_BYTES);
  if (bytes > INLINE_NAME_BYTES) release(load<usize>(node, NAME), bytes + 1);
}

/** Calls back for each node in use. */
export function forEachNode(tree: usize, visit: (node: usize) => void): void {
  for (let slab = load<usize>(tree, SLABS); slab; slab = load<usize>(slab)) {
    for (let node = slab + NODE_BYTES; node < slab + SLAB_BYTES; node += NODE_BYTES) {
      if (isInUse(tree, node)) visit(node);
    }
  }
}

function isInUse(tree: usize, node: usize): bool {
  return load<usize>(node, PARENT) != 0 || node == load<usize>(tree, ROOT);
}

/** Frees all nodes, with their names and sums. */
export function closeTree(tree: usize): void {
  let slab = load<usize>(tree, SLABS);
  while (slab) {
    for (let node = slab + NODE_BYTES; node < slab + SLAB_BYTES; node += NODE_BYTES) {
      if (!isInUse(tree, node)) continue;
      releaseName(node);
      const sum = load<usize>(node, SUM_OF);
      if (!sum) continue;
      releasePages(sum);
      release(sum, SUM_BYTES);
    }
    const next = load<usize>(slab);
    release(slab, SLAB_BYTES);
    slab = next;
  }
  release(load<usize>(tree, BUCKETS), usize(load<u32>(tree, BUCKET_COUNT)) << 2);
}
