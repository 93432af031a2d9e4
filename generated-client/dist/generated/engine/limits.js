/** The limits of a server that sets no others; it also bounds the size and the memory. */
export const DEFAULT_LIMITS = {
    maxDepth: 1_000_000,
    maxDigits: 10_000,
    maxExponent: 10_000,
    maxPaths: 10_000,
    maxPathBytes: 4 * 1024 ** 2,
    maxBytes: Number.POSITIVE_INFINITY,
    maxMemory: Number.POSITIVE_INFINITY,
};
