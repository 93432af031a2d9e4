import type { ImageFormat } from '../tables.ts';

const PNG_SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
/** Start of image, and the first byte of the marker that must follow (ITU T.81, B.2.1). */
const JPEG_START = Buffer.from([0xff, 0xd8, 0xff]);

/** The type of a PNG's last chunk, as a number: a file may have millions of chunks. */
const IEND = Buffer.from('IEND', 'latin1').readUInt32BE();

/** Number of bytes that {@link sniffFormat} needs. */
export const SNIFF_LENGTH = PNG_SIGNATURE.length;

/** Detects the format of a file from its first bytes. */
export function sniffFormat(start: Uint8Array): ImageFormat | undefined {
  const startsWith = (signature: Buffer) => signature.equals(start.subarray(0, signature.length));
  if (startsWith(PNG_SIGNATURE)) return 'png';
  return startsWith(JPEG_START) ? 'jpeg' : undefined;
}

/**
 * Checks that the chunks of a PNG reach its IEND chunk (PNG 3rd edition, 5.3 and 11.2.4). The decoder does not
 * notice if a file is cut short after its last row. Bytes after the IEND chunk are ignored.
 */
export function hasPngEnd(file: Buffer): boolean {
  let offset = PNG_SIGNATURE.length;
  while (offset + 12 <= file.length) {
    const next = offset + 12 + file.readUInt32BE(offset);
    if (file.readUInt32BE(offset + 4) === IEND) return next <= file.length;
    offset = next;
  }
  return false;
}
