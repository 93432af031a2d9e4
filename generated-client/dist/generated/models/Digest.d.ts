/**
 * The control total of a document.
 */
export type Digest = {
    /**
     * Lower-case hexadecimal SHA-256 of the canonical text of the sum.
     */
    sha256: string;
};
