/** The digest of a sum's text: a SHA-256, or with a key an HMAC-SHA-256 (RFC 2104). */
export interface Digest {
    sha256?: string;
    hmac_sha256?: string;
}
/**
 * Reads a key from a file: 16 to 64 bytes as base64url without padding (RFC 4648 section 5), with or without a line end.
 * Warns if others than the owner may read the file. Without a path, there is no key.
 *
 * @throws {Failure}
 */
export declare function readKey(path: string | undefined): Promise<Buffer | undefined>;
/** Returns the digest of a sum's text. */
export declare function digestOf(sum: string, key: Uint8Array | undefined): Digest;
/** Returns the hexadecimal digits of either kind of digest. */
export declare function digitsOf({ sha256, hmac_sha256 }: Digest): string;
