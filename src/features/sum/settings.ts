import { availableParallelism } from 'node:os';
import { bytes, computed, count, divided, GIB, MIB, type Values } from '../../setting-types.ts';
import { DEFAULT_LIMITS } from './engine/limits.ts';

/** At least one, so that totals of paths, which may be long, are not written on the event loop. */
const THREADS = Math.max(1, Math.min(availableParallelism() - 1, 3));

export const sumVariables = {
  SUM_MAX_BYTES: bytes('largest document for /sum, decoded', GIB, 1, 64 * GIB),
  SUM_MAX_DEPTH: count('deepest nesting in a document', DEFAULT_LIMITS.maxDepth, 1, 1e8),
  SUM_MAX_DIGITS: count('most digits in one number', DEFAULT_LIMITS.maxDigits, 1, 1e6),
  SUM_MAX_EXPONENT: count(
    'largest absolute exponent of a number',
    DEFAULT_LIMITS.maxExponent,
    0,
    1e6,
  ),
  SUM_MAX_PATHS: count(
    'most places of a document whose numbers are summed apart',
    DEFAULT_LIMITS.maxPaths,
    1,
    1e6,
  ),
  SUM_MAX_PATH_BYTES: bytes(
    'most bytes of all paths of a document and their sums together',
    DEFAULT_LIMITS.maxPathBytes,
    1024,
    GIB,
  ),
  SUM_MAX_MEMORY: divided(
    bytes(
      'memory of all documents in flight, as much again to decode them, and a third time for answers that clients have not taken; beyond it, the largest get 503',
      256 * MIB,
      MIB,
      64 * GIB,
    ),
  ),
  SUM_MAX_RATIO: count(
    'most decoded bytes of a document for each compressed one, beyond the first MiB',
    100,
    1,
    1e6,
  ),
  SUM_COMPRESSED_IN_FLIGHT: count(
    'compressed documents that one client may have in flight',
    32,
    1,
    1e6,
  ),
  SUM_THREADS: computed(
    'processors - 1, from 1 to 3',
    divided(
      count(
        'threads that scan compressed documents, those of a megabyte and more or of unknown length, and totals of paths; 0 is off',
        THREADS,
        0,
        64,
      ),
    ),
  ),
};

/** Sizes are bytes. */
export type SumSettings = ReturnType<typeof toSumSettings>;

export const toSumSettings = (env: Values<typeof sumVariables>) => ({
  maxBytes: env.SUM_MAX_BYTES,
  maxDepth: env.SUM_MAX_DEPTH,
  maxDigits: env.SUM_MAX_DIGITS,
  maxExponent: env.SUM_MAX_EXPONENT,
  maxPaths: env.SUM_MAX_PATHS,
  maxPathBytes: env.SUM_MAX_PATH_BYTES,
  maxMemory: env.SUM_MAX_MEMORY,
  maxRatio: env.SUM_MAX_RATIO,
  compressedInFlight: env.SUM_COMPRESSED_IN_FLIGHT,
  threads: env.SUM_THREADS,
});
