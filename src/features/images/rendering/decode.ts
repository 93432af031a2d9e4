import { open, readFile } from 'node:fs/promises';
import sharp, { type Metadata, type Sharp, type SharpOptions } from 'sharp';
import { releaseMemory } from '../../../memory.ts';
import { imageProblems } from '../problems.ts';
import { thumbnailDimensions } from '../sizes.ts';
import type { ImageFormat } from '../tables.ts';
import { hasPngEnd, SNIFF_LENGTH, sniffFormat } from './sniff.ts';

export interface PixelLimits {
  maxPixels: number;
  maxSide: number;
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

/** Thumbnails of more pixels are compressed a tenth less well, in a tenth of the time. */
const OPTIMISED_PIXELS = 1_000_000;

// Nothing is decoded twice, so a cache would only take room.
sharp.cache(false);
// The bytes have been looked at before; this is for what might be wrong with that.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({ operation: ['VipsForeignLoadJpeg', 'VipsForeignLoadPng'] });

/**
 * Reads the header of a file, decoding nothing.
 *
 * @throws {Problem} `unsupported_image`, `image_corrupt`, `too_many_pixels`
 */
export async function inspect(
  path: string,
  { maxPixels, maxSide }: PixelLimits,
): Promise<ImageHeader> {
  const format = sniffFormat(await readStart(path, SNIFF_LENGTH));
  if (!format) throw imageProblems.unsupportedImage();
  // The limit of the decoder is off, to tell too many pixels from a header that is damaged.
  const header = await sharp(path, { limitInputPixels: false }).metadata().catch(refuse);
  const { width, height } = header.autoOrient;
  if (width * height > maxPixels || Math.max(width, height) > maxSide) {
    throw imageProblems.tooManyPixels(
      `The image has ${width} × ${height} pixels; this server accepts ${maxPixels} in all and ${maxSide} along a side.`,
    );
  }
  return { format, width, height, isInterlaced: isInterlaced(header) };
}

export interface DecodeOptions {
  header: ImageHeader;
  /** Ascending; at least one. */
  heights: number[];
  maxPixels: number;
  /** Longest time of all that is done, in milliseconds. */
  timeout: number;
}

/**
 * Decodes an image, all of it, and makes its thumbnails.
 *
 * @throws {Problem} `image_corrupt`, `image_too_slow`
 */
export async function decode(
  path: string,
  { header, heights, maxPixels, timeout }: DecodeOptions,
): Promise<Thumbnail[]> {
  const deadline = performance.now() + timeout;
  const file = header.format === 'png' ? await wholePng(path) : path;
  const options: SharpOptions = {
    failOn: 'warning',
    limitInputPixels: maxPixels,
    sequentialRead: true,
  };
  // The file is decoded once, for the largest; the smaller ones are made of that one.
  const { data, info } = await limited(sharp(file, options), deadline)
    .autoOrient()
    .resize({ ...thumbnailDimensions(header, heights.at(-1)!), fit: 'fill' })
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
    .catch(refuse);
  const thumbnails: Thumbnail[] = [];
  for (const target of heights) {
    const { width, height } = thumbnailDimensions(header, target);
    const decoded = limited(sharp(data, { raw: info, limitInputPixels: false }), deadline);
    const sized = height < info.height ? decoded.resize({ width, height, fit: 'fill' }) : decoded;
    const isLarge = width * height > OPTIMISED_PIXELS;
    const content = await encode(sized, header.format, isLarge).toBuffer().catch(refuse);
    thumbnails.push({ target, content, width, height });
  }
  releaseMemory(data);
  return thumbnails;
}

/** The decoder counts whole seconds, so that its limit is at most one second late. */
function limited(image: Sharp, deadline: number): Sharp {
  const left = deadline - performance.now();
  if (left <= 0) throw imageProblems.imageTooSlow();
  return image.timeout({ seconds: Math.ceil(left / 1000) });
}

async function wholePng(path: string): Promise<Buffer> {
  const bytes = await readFile(path);
  if (!hasPngEnd(bytes)) throw imageProblems.imageCorrupt();
  return bytes;
}

/** The best compression of JPEG happens at the end, all at once, and cannot be interrupted. */
function encode(image: Sharp, format: ImageFormat, isLarge: boolean): Sharp {
  return format === 'jpeg' ? image.jpeg({ quality: 80, mozjpeg: !isLarge }) : image.png();
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
