/**
 * Divides bytes, without copying them, into slices of at most a size.
 *
 * @throws {TypeError} if meanwhile the bytes are transferred to another thread or resized: the rest would be missing.
 */
export function* slicesOf(bytes, size) {
    const { length } = bytes;
    for (let from = 0; from < length; from += size) {
        yield length > size ? bytes.subarray(from, from + size) : bytes;
        if (bytes.length !== length) {
            throw new TypeError('The bytes were transferred or resized while they were read.');
        }
    }
}
