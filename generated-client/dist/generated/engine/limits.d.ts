/** Limits beyond which a document is refused, or given up for others. */
export interface EngineLimits {
    /** Most brackets that may be open at once. */
    maxDepth: number;
    /** Most digits of one number, before and behind its point together, zeroes counted. */
    maxDigits: number;
    /** Largest absolute value of a number's spelled exponent. */
    maxExponent: number;
    /** Most paths of a document whose totals are asked for. */
    maxPaths: number;
    /**
     * Most bytes of all paths of a document and of their sums together. A name counts with four bytes more, the wildcard of
     * an array with three.
     */
    maxPathBytes: number;
    /** Largest document, in bytes. */
    maxBytes: number;
    /** Most memory of all open documents together, in bytes. */
    maxMemory: number;
}
/** The limits of a server that sets no others; it also bounds the size and the memory. */
export declare const DEFAULT_LIMITS: Readonly<EngineLimits>;
