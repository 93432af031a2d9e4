/** Returns 128 random bits in hexadecimal digits. Pages without TLS have no `randomUUID`. */
export declare function randomHex(): string;
