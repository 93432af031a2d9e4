/**
 * The total of all numbers in one place of a document.
 */
export type PathTotal = {
    /**
     * A JSONPath (RFC 9535) in which every array index is `[*]`, such as `$.orders[*].price`.
     */
    path: string;
    /**
     * How many numbers there are.
     */
    count: number;
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
};
