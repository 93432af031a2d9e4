import { DEPTH, INLINE_STACK, INLINE_STACK_WORDS, KINDS, STACK, STACK_WORDS } from './document';
import { allocate, release } from './memory';

/**
 * The kinds of the open brackets, one bit each. The innermost 1 to 64 are in a word (`KINDS`); each full
 * word moves to the stack in memory when one more bracket opens, and comes back when that closes.
 */

/** Moves the full word `kinds` of the 64 brackets up to `depth` out to memory. */
export function spill(document: usize, depth: u32, kinds: u64): void {
  const index = (depth >> 6) - 1;
  if (index >= load<u32>(document, STACK_WORDS)) growStack(document);
  store<u64>(load<usize>(document, STACK) + (index << 3), kinds);
}

/** Returns the word of the 64 brackets up to `depth` from memory. */
export function refill(document: usize, depth: u32): u64 {
  return load<u64>(load<usize>(document, STACK) + (((depth >> 6) - 1) << 3));
}

function growStack(document: usize): void {
  const words = load<u32>(document, STACK_WORDS);
  const old = load<usize>(document, STACK);
  const grown = allocate((words * 2) << 3);
  memory.copy(grown, old, words << 3);
  releaseStack(document);
  store<usize>(document, grown, STACK);
  store<u32>(document, words * 2, STACK_WORDS);
}

export function releaseStack(document: usize): void {
  const words = load<u32>(document, STACK_WORDS);
  if (words > INLINE_STACK_WORDS) release(load<usize>(document, STACK), words << 3);
}

export function resetStack(document: usize): void {
  store<usize>(document, document + INLINE_STACK, STACK);
  store<u32>(document, INLINE_STACK_WORDS, STACK_WORDS);
}

export function push(document: usize, kind: u64): void {
  const depth = load<u32>(document, DEPTH);
  let kinds = load<u64>(document, KINDS);
  if (depth && !(depth & 63)) {
    spill(document, depth, kinds);
    kinds = 0;
  }
  store<u64>(document, (kinds << 1) | kind, KINDS);
  store<u32>(document, depth + 1, DEPTH);
}

export function pop(document: usize): void {
  const depth = load<u32>(document, DEPTH) - 1;
  let kinds = load<u64>(document, KINDS) >> 1;
  if (depth && !(depth & 63)) kinds = refill(document, depth);
  store<u64>(document, kinds, KINDS);
  store<u32>(document, depth, DEPTH);
}
