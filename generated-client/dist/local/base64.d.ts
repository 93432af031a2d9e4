/**
 * Returns the bytes of base64 (RFC 4648 section 4), with or without padding.
 *
 * @throws {DOMException} if it is none.
 */
export declare function decodeBase64(text: string): Uint8Array<ArrayBuffer>;
