/**
 * Returns the bytes of base64 (RFC 4648 section 4), with or without padding.
 *
 * @throws {DOMException} if it is none.
 */
export function decodeBase64(text) {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
