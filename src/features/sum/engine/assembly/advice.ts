import { NODE, SUM_BEFORE } from './accumulators';
import { FIRST, forEachNode, HASH, NAME, NEXT, PARENT } from './nodes';

/** Finds out how a document could do with fewer paths. */

/**
 * Returns the object whose collapse would save the most paths, if its members are alike: all that lead through its
 * members, but those through one. Returns 0 if no object has two members with numbers in or below their places. The
 * last of the sums is given. The tree is of no use afterwards.
 */
export function mostCrowded(tree: usize, lastSum: usize): usize {
  forEachNode(tree, clearPaths);
  for (let sum = lastSum; sum; sum = load<usize>(sum, SUM_BEFORE)) {
    for (let node = load<usize>(sum, NODE); node; node = load<usize>(node, PARENT)) {
      store<u32>(node, load<u32>(node, PATHS_THROUGH) + 1, PATHS_THROUGH);
    }
  }
  forEachNode(tree, addToParent);
  crowded = 0;
  forEachNode(tree, chooseCrowded);
  return crowded;
}

/** Fields that are used anew for this: paths through a place, through all its members, and through the most used of them. */
const PATHS_THROUGH = HASH;
const PATHS_OF_MEMBERS = FIRST;
const PATHS_OF_ONE = NEXT;
let crowded: usize = 0;

function clearPaths(node: usize): void {
  store<u32>(node, 0, PATHS_THROUGH);
  store<u32>(node, 0, PATHS_OF_MEMBERS);
  store<u32>(node, 0, PATHS_OF_ONE);
}

function addToParent(node: usize): void {
  if (!load<usize>(node, NAME)) return;
  const parent = load<usize>(node, PARENT);
  const paths = load<u32>(node, PATHS_THROUGH);
  store<u32>(parent, load<u32>(parent, PATHS_OF_MEMBERS) + paths, PATHS_OF_MEMBERS);
  store<u32>(parent, max<u32>(load<u32>(parent, PATHS_OF_ONE), paths), PATHS_OF_ONE);
}

function chooseCrowded(node: usize): void {
  if (savedPaths(node) > (crowded ? savedPaths(crowded) : 0)) crowded = node;
}

function savedPaths(node: usize): u32 {
  return load<u32>(node, PATHS_OF_MEMBERS) - load<u32>(node, PATHS_OF_ONE);
}
