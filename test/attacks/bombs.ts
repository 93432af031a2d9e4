import * as zlib from 'node:zlib';
import { constants, crc32, deflateSync } from 'node:zlib';
import { fixture } from '../helpers/images.ts';
import { blankPng } from '../helpers/png.ts';

const MIB = 1 << 20;
/** Decoded size of the decompression bombs, in bytes. */
const DECODED = 256 * MIB;

/** Bodies that are small on the wire and large once they are decoded, by Content-Encoding. */
export async function decompressionBombs(): Promise<Record<string, Buffer>> {
  return {
    gzip: await compressed(zlib.createGzip({ level: 6 })),
    deflate: await compressed(zlib.createDeflate({ level: 6 })),
    br: await compressed(
      zlib.createBrotliCompress({
        params: { [constants.BROTLI_PARAM_QUALITY]: 5, [constants.BROTLI_PARAM_LGWIN]: 24 },
      }),
    ),
    zstd: await compressed(zlib.createZstdCompress()),
  };
}

/** A JSON document: one number behind very much space. */
async function compressed(encoder: zlib.Gzip | zlib.BrotliCompress): Promise<Buffer> {
  const parts: Buffer[] = [];
  encoder.on('data', (part: Buffer) => parts.push(part));
  const spaces = Buffer.alloc(MIB, ' ');
  for (let size = 0; size < DECODED; size += MIB) {
    if (!encoder.write(spaces)) await new Promise((resolve) => encoder.once('drain', resolve));
  }
  const ended = new Promise((resolve) => encoder.once('end', resolve));
  encoder.end('1');
  await ended;
  return Buffer.concat(parts);
}

/** Pictures that would take much memory or time once decoded; none of them is more than a few hundred KB. */
export async function pixelBombs(): Promise<Record<string, Buffer>> {
  const small = await blankPng({ width: 1, height: 1 });
  const text = deflateSync(Buffer.alloc(100 * MIB));
  const jpeg = fixture('baseline.jpg');
  const scans = fixture('progressive.jpg');
  return {
    'a PNG of a gigapixel': await blankPng({ width: 32_000, height: 32_000 }),
    'a PNG that says it is of 4 gigapixels': withSize(small, 65_500, 65_500),
    'a PNG that says it has no pixels': withSize(small, 0, 0),
    'a PNG of one row': await blankPng({ width: 1_000_000, height: 1 }),
    'a PNG as large as is allowed': await blankPng({ width: 7000, height: 7000, pixelBytes: 8 }),
    'an interlaced PNG as large as is allowed': await blankPng({
      width: 7000,
      height: 7000,
      interlaced: true,
    }),
    'a PNG with a compressed text of 100 MB': withChunk(
      small,
      'zTXt',
      Buffer.concat([Buffer.from('a\0\0'), text]),
    ),
    'a PNG with a colour profile of 100 MB': withChunk(
      small,
      'iCCP',
      Buffer.concat([Buffer.from('a\0\0'), text]),
    ),
    'a JPEG that says it is of 4 gigapixels': withJpegSize(jpeg, 65_500, 65_500),
    'a JPEG of very many scans': manyScans(scans, 2000),
    'a JPEG of comments': Buffer.concat([
      jpeg.subarray(0, 2),
      ...Array.from({ length: 100 }, () =>
        Buffer.concat([Buffer.from([0xff, 0xfe, 0xff, 0xff]), Buffer.alloc(65_533)]),
      ),
      jpeg.subarray(2),
    ]),
  };
}

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

/** Length of the signature and IHDR of a PNG. */
const PNG_HEAD = 33;

function withChunk(png: Buffer, name: string, data: Buffer): Buffer {
  return Buffer.concat([png.subarray(0, PNG_HEAD), chunk(name, data), png.subarray(PNG_HEAD)]);
}

function withSize(png: Buffer, width: number, height: number): Buffer {
  const header = Buffer.from(png.subarray(16, 29));
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  return Buffer.concat([png.subarray(0, 8), chunk('IHDR', header), png.subarray(PNG_HEAD)]);
}

function withJpegSize(jpeg: Buffer, width: number, height: number): Buffer {
  const changed = Buffer.from(jpeg);
  const frame = changed.findIndex(
    (byte, at) => byte === 0xff && [0xc0, 0xc2].includes(changed[at + 1]!),
  );
  changed.writeUInt16BE(height, frame + 5);
  changed.writeUInt16BE(width, frame + 7);
  return changed;
}

/** Repeats the last scan of a progressive JPEG, at the size of 49 megapixels: each goes over the whole picture. */
function manyScans(jpeg: Buffer, count: number): Buffer {
  const large = withJpegSize(jpeg, 7000, 7000);
  const scan = large.subarray(large.lastIndexOf(Buffer.from([0xff, 0xda])), -2);
  const repeated = Array.from({ length: count }, () => scan.subarray(0, 60));
  return Buffer.concat([large.subarray(0, -2), ...repeated, large.subarray(-2)]);
}
