import type { ImageFormat } from '../tables.ts';

const PNG_SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
/** Start of image, and the first byte of the marker that must follow (ITU T.81, B.2.1). */
const JPEG_START = Buffer.from([0xff, 0xd8, 0xff]);

/** The type of a PNG's last chunk, as a number: a file may have millions of chunks. */
const IEND = Buffer.from('IEND', 'latin1').readUInt32BE();

/** How many bytes {@link sniffFormat} looks at. */
export const SNIFF_LENGTH = PNG_SIGNATURE.length;

/** What a file is by its first bytes; its name and declared type say nothing. */
export function sniffFormat(start: Uint8Array): ImageFormat | undefined {
  const begins = (mark: Buffer) => mark.equals(start.subarray(0, mark.length));
  if (begins(PNG_SIGNATURE)) return 'png';
  return begins(JPEG_START) ? 'jpeg' : undefined;
}

/**
 * Whether a PNG's chunks reach its end (PNG 3rd edition, 5.3 and 11.2.4). The decoder stops once it has
 * all rows, and so does not see what is cut off after them. What follows the end is not looked at.
 */
export function hasPngEnd(file: Buffer): boolean {
  let at = PNG_SIGNATURE.length;
  while (at + 12 <= file.length) {
    const next = at + 12 + file.readUInt32BE(at);
    if (file.readUInt32BE(at + 4) === IEND) return next <= file.length;
    at = next;
  }
  return false;
}
