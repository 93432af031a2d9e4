import type { PathTotal } from './PathTotal.js';
/**
 * The control total of a document, and what was asked for.
 */
export type SumDetails = {
    /**
     * Lower-case hexadecimal SHA-256 of the canonical text of the sum.
     */
    sha256?: string;
    /**
     * In place of `sha256`, with a `Sum-Key`: HMAC-SHA-256 (RFC 2104) of the same text.
     */
    hmac_sha256?: string;
    /**
     * The canonical text of the sum, with `include=sum`.
     */
    sum?: string;
    /**
     * How many numbers there are, with `include=count`.
     */
    count?: number;
    /**
     * With `include=paths`: the totals of all places that hold numbers, in the order of the bytes of their paths in UTF-8.
     */
    paths?: Array<PathTotal>;
};
