import { open, readFile } from 'node:fs/promises';
import sharp, { type Metadata, type Sharp, type SharpOptions } from 'sharp';
import type { ImageFormat } from '../../database/tables/images.ts';
import { releaseMemory } from '../../memory.ts';
import { createQueue, QueueFull } from '../../queue.ts';
import { imageProblems } from './problems.ts';
import { thumbnailDimensions } from './rights.ts';
import { hasPngEnd, SNIFF_LENGTH, sniffFormat } from './sniff.ts';

export interface RenderLimits {
  maxPixels: number;
  maxSide: number;
  /** Images that are decoded at once. */
  decoders: number;
  /** Images that wait to be decoded. */
  queue: number;
  /** Longest time of decoding one, in milliseconds. */
  timeout: number;
}

/** What the header of an image says. Width and height are as it is meant to be seen (EXIF orientation). */
export interface ImageHeader {
  format: ImageFormat;
  width: number;
  height: number;
  /** Rows are not in the order in which they are seen: a decoder keeps the whole image in memory. */
  isInterlaced: boolean;
}

export interface Thumbnail {
  /** The height that was asked for. */
  target: number;
  content: Buffer;
  width: number;
  height: number;
}

export interface Renderer {
  /**
   * Reads the header of a file, decoding nothing.
   *
   * @throws {Problem} `unsupported_image`, `image_corrupt`, `too_many_pixels`
   */
  inspect(path: string): Promise<ImageHeader>;
  /**
   * Decodes an image, all of it, and makes its thumbnails, in ascending order. `load` gives the file, as
   * its path or bytes, when there is a place for it; it may throw where nobody waits any more.
   *
   * @throws {Problem} `image_corrupt`, `image_too_slow`, `image_queue_full`
   */
  render(header: ImageHeader, load: Load, heights: number[]): Promise<Thumbnail[]>;
}

export type Load = () => Promise<string | Buffer>;

/** Above so many pixels, an interlaced image is decoded alone: it takes up to 8 bytes a pixel. */
const HEAVY_PIXELS = 12_000_000;
const RETRY_AFTER = '5';

// Nothing is decoded twice, so a cache would only take room.
sharp.cache(false);
// The bytes have been looked at before; this is for what might be wrong with that.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({ operation: ['VipsForeignLoadJpeg', 'VipsForeignLoadPng'] });

export function createRenderer(limits: RenderLimits): Renderer {
  const queue = createQueue(limits.decoders, limits.queue);

  async function inspect(path: string): Promise<ImageHeader> {
    const format = sniffFormat(await readStart(path, SNIFF_LENGTH));
    if (!format) throw imageProblems.unsupportedImage();
    // The limit of the decoder is off, to tell too many pixels from a header that is damaged.
    const header = await sharp(path, { limitInputPixels: false }).metadata().catch(refuse);
    const { width, height } = header.autoOrient;
    if (width * height > limits.maxPixels || Math.max(width, height) > limits.maxSide) {
      throw imageProblems.tooManyPixels(
        `The image has ${width} × ${height} pixels; this server accepts ${limits.maxPixels} in all and ${limits.maxSide} along a side.`,
      );
    }
    return { format, width, height, isInterlaced: isInterlaced(header) };
  }

  async function render(header: ImageHeader, load: Load, heights: number[]) {
    const isHeavy = header.isInterlaced && header.width * header.height > HEAVY_PIXELS;
    const task = async () => {
      const file = await load();
      return decode(header.format === 'png' ? await wholePng(file) : file, header, heights, limits);
    };
    try {
      return await queue.run(task, isHeavy ? limits.decoders : 1);
    } catch (error) {
      if (!(error instanceof QueueFull)) throw error;
      throw imageProblems.queueFull(undefined, { headers: { 'retry-after': RETRY_AFTER } });
    }
  }

  return { inspect, render };
}

async function decode(
  file: string | Buffer,
  header: ImageHeader,
  heights: number[],
  { maxPixels, timeout }: RenderLimits,
): Promise<Thumbnail[]> {
  const ascending = heights.toSorted((a, b) => a - b);
  const options: SharpOptions = {
    failOn: 'warning',
    limitInputPixels: maxPixels,
    sequentialRead: true,
  };
  // The file is decoded once, for the largest; the smaller ones are made of that one.
  const { data, info } = await sharp(file, options)
    .timeout({ seconds: Math.ceil(timeout / 1000) })
    .autoOrient()
    .resize({ ...thumbnailDimensions(header, ascending.at(-1)!), fit: 'fill' })
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
    .catch(refuse);
  const thumbnails: Thumbnail[] = [];
  for (const target of ascending) {
    const { width, height } = thumbnailDimensions(header, target);
    const decoded = sharp(data, { raw: info, limitInputPixels: false });
    const sized = height < info.height ? decoded.resize({ width, height, fit: 'fill' }) : decoded;
    const content = await encode(sized, header.format).toBuffer();
    thumbnails.push({ target, content, width, height });
  }
  releaseMemory(data);
  return thumbnails;
}

async function wholePng(file: string | Buffer): Promise<Buffer> {
  const bytes = typeof file === 'string' ? await readFile(file) : file;
  if (!hasPngEnd(bytes)) throw imageProblems.imageCorrupt();
  return bytes;
}

function encode(image: Sharp, format: ImageFormat): Sharp {
  return format === 'jpeg' ? image.jpeg({ quality: 80, mozjpeg: true }) : image.png();
}

function isInterlaced({ isProgressive, pages = 1 }: Metadata): boolean {
  return isProgressive || pages > 1;
}

/** Whatever the decoder complains about is in the file. */
function refuse(error: Error): never {
  if (error.message.includes('timeout')) {
    throw imageProblems.imageTooSlow(undefined, { cause: error });
  }
  throw imageProblems.imageCorrupt(undefined, { cause: error });
}

async function readStart(path: string, length: number): Promise<Buffer> {
  const handle = await open(path);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
