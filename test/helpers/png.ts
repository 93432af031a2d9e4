import { crc32, createDeflate } from 'node:zlib';

interface PngOptions {
  width: number;
  height: number;
  /** Bytes of a pixel: 1 is grey, 3 is RGB, 8 is RGBA with 16 bits each. */
  pixelBytes?: 1 | 3 | 8;
  interlaced?: boolean;
}

const COLOURS = { 1: { depth: 8, type: 0 }, 3: { depth: 8, type: 2 }, 8: { depth: 16, type: 6 } };

/** Makes a PNG of zeros, which is small but decodes to a huge picture. Interlaced rows are not laid out as Adam7 does. */
export async function blankPng({
  width,
  height,
  pixelBytes = 1,
  interlaced = false,
}: PngOptions): Promise<Buffer> {
  const { depth, type } = COLOURS[pixelBytes];
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([depth, type, 0, 0, interlaced ? 1 : 0], 8);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', await deflateZeros((width * pixelBytes + 1) * height)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

async function deflateZeros(length: number): Promise<Buffer> {
  const deflate = createDeflate({ level: 1 });
  const parts: Buffer[] = [];
  deflate.on('data', (part: Buffer) => parts.push(part));
  const block = Buffer.alloc(1 << 20);
  for (let left = length; left > 0; left -= block.length) {
    const isRoomLeft = deflate.write(block.subarray(0, Math.min(left, block.length)));
    if (!isRoomLeft) await new Promise((resolve) => deflate.once('drain', resolve));
  }
  deflate.end();
  await new Promise((resolve) => deflate.once('end', resolve));
  return Buffer.concat(parts);
}

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}
