/**
 * Divides bytes, without copying them, into slices of at most a size.
 *
 * @throws {TypeError} if meanwhile the bytes are transferred to another thread or resized: the rest would be missing.
 */
export declare function slicesOf(bytes: Uint8Array, size: number): Generator<Uint8Array>;
