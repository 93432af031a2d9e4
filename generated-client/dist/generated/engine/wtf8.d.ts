/**
 * UTF-8 that can also hold halves of surrogate pairs, each as three bytes ("WTF-8"): JSON allows them in names, as `\\ud800`.
 */
export declare function decodeWtf8(bytes: Uint8Array): string;
export declare function encodeWtf8(text: string): Uint8Array;
