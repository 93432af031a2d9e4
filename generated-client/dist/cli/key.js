import { createHash, createHmac } from 'node:crypto';
import { open } from 'node:fs/promises';
import { about, Failure, printWarning } from './failure.js';
/** Permissions of the group and of all others. */
const OTHERS = 0o077;
/** Larger files are no keys; nothing more is read. */
const MAX_KEY_FILE_BYTES = 1024;
/**
 * Reads a key from a file: 16 to 64 bytes as base64url without padding (RFC 4648 section 5), with or without a line end.
 * Warns if others than the owner may read the file. Without a path, there is no key.
 *
 * @throws {Failure}
 */
export async function readKey(path) {
    return path === undefined ? undefined : about(path, () => readKeyFile(path));
}
async function readKeyFile(path) {
    const file = await open(path);
    try {
        const status = await file.stat();
        if (status.isDirectory())
            throw new Failure('is a directory');
        if (status.isFile() && process.platform !== 'win32' && (status.mode & OTHERS) !== 0) {
            const mode = (status.mode & 0o777).toString(8).padStart(4, '0');
            printWarning(`others may read the key in ${path} (mode ${mode}); use chmod 600`);
        }
        const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(MAX_KEY_FILE_BYTES) });
        return parseKey(buffer.toString('latin1', 0, bytesRead).trim());
    }
    finally {
        await file.close();
    }
}
function parseKey(text) {
    const key = Buffer.from(text, 'base64url');
    if (key.toString('base64url') !== text) {
        throw new Failure('the key is not base64url without padding: letters, digits, - and _');
    }
    if (key.length < 16 || key.length > 64) {
        throw new Failure(`the key has ${key.length} bytes; it must have 16 to 64`);
    }
    return key;
}
/** Returns the digest of a sum's text. */
export function digestOf(sum, key) {
    if (key)
        return { hmac_sha256: createHmac('sha256', key).update(sum).digest('hex') };
    return { sha256: createHash('sha256').update(sum).digest('hex') };
}
/** Returns the hexadecimal digits of either kind of digest. */
export function digitsOf({ sha256, hmac_sha256 }) {
    return (hmac_sha256 ?? sha256);
}
