import { availableParallelism } from 'node:os';
import { count, GIB, MIB, type Values } from '../../setting-types.ts';

export const sumVariables = {
  SUM_MAX_BYTES: count('largest document for /sum, in bytes after decoding', GIB, 1, 64 * GIB),
  SUM_MAX_DEPTH: count('deepest nesting in a document', 1_000_000, 1, 1e8),
  SUM_MAX_DIGITS: count('most digits in one number', 10_000, 1, 1e6),
  SUM_MAX_EXPONENT: count('largest absolute exponent of a number', 10_000, 0, 1e6),
  SUM_MAX_MEMORY: count(
    'most memory of all documents in flight, in bytes, and as much again for decoding them; the largest get 503',
    256 * MIB,
    MIB,
    64 * GIB,
  ),
  SUM_MAX_RATIO: count(
    'most decoded bytes of a document for each compressed one, beyond the first mebibyte',
    100,
    1,
    1e6,
  ),
  SUM_COMPRESSED_IN_FLIGHT: count(
    'compressed documents that one client may have in flight; more get 429',
    32,
    1,
    1e6,
  ),
  SUM_THREADS: count(
    'threads that scan large documents (default: one less than there are processors, at most 3); 0 turns this off',
    Math.min(availableParallelism() - 1, 3),
    0,
    64,
  ),
};

/** Sizes are bytes. */
export type SumSettings = ReturnType<typeof toSumSettings>;

export const toSumSettings = (env: Values<typeof sumVariables>) => ({
  maxBytes: env.SUM_MAX_BYTES,
  maxDepth: env.SUM_MAX_DEPTH,
  maxDigits: env.SUM_MAX_DIGITS,
  maxExponent: env.SUM_MAX_EXPONENT,
  maxMemory: env.SUM_MAX_MEMORY,
  maxRatio: env.SUM_MAX_RATIO,
  compressedInFlight: env.SUM_COMPRESSED_IN_FLIGHT,
  threads: env.SUM_THREADS,
});
