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

/** Facts from the header of an image. Width and height apply after its EXIF orientation. */
export interface ImageHeader {
  format: ImageFormat;
  width: number;
  height: number;
  /** Its rows are not stored in order, so that a decoder needs the whole image in memory. */
  isInterlaced: boolean;
}

export interface Thumbnail {
  /** The requested height; a small image is not enlarged to it. */
  target: number;
  content: Buffer;
  width: number;
  height: number;
}

/** Larger thumbnails are compressed without mozjpeg: a tenth larger, in a tenth of the time. */
const MAX_OPTIMISED_PIXELS = 1_000_000;

// Nothing is decoded twice, so a cache would waste memory.
sharp.cache(false);
// Formats are sniffed before; this is the second line of defence.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({ operation: ['VipsForeignLoadJpeg', 'VipsForeignLoadPng'] });

/**
 * Reads the header of a file without decoding it.
 *
 * @throws {Problem} `unsupported_image`, `image_corrupt`, `too_many_pixels`
 */
export async function inspect(
  path: string,
  { maxPixels, maxSide }: PixelLimits,
): Promise<ImageHeader> {
  const format = sniffFormat(await readStart(path, SNIFF_LENGTH));
  if (!format) throw imageProblems.unsupportedImage();
  // The decoder's own limit is off, so that too many pixels are not reported as a damaged header.
  const header = await sharp(path, { limitInputPixels: false }).metadata().catch(throwProblem);
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
  /** Longest time of decoding and making thumbnails together, in milliseconds. */
  timeout: number;
}

/**
 * Decodes an image completely and makes its thumbnails.
 *
 * @throws {Problem} `image_corrupt`, `image_too_slow`
 */
export async function decode(
  path: string,
  { header, heights, maxPixels, timeout }: DecodeOptions,
): Promise<Thumbnail[]> {
  const deadline = performance.now() + timeout;
  const file = header.format === 'png' ? await readWholePng(path) : path;
  const options: SharpOptions = {
    failOn: 'warning',
    limitInputPixels: maxPixels,
    sequentialRead: true,
  };
  // The file is decoded once, for the largest thumbnail; the others are made from that one.
  const { data, info } = await withDeadline(sharp(file, options), deadline)
    .autoOrient()
    .resize({ ...thumbnailDimensions(header, heights.at(-1)!), fit: 'fill' })
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
    .catch(throwProblem);
  const thumbnails: Thumbnail[] = [];
  for (const target of heights) {
    const { width, height } = thumbnailDimensions(header, target);
    const decoded = withDeadline(sharp(data, { raw: info, limitInputPixels: false }), deadline);
    const sized = height < info.height ? decoded.resize({ width, height, fit: 'fill' }) : decoded;
    const isLarge = width * height > MAX_OPTIMISED_PIXELS;
    const content = await encode(sized, header.format, isLarge).toBuffer().catch(throwProblem);
    thumbnails.push({ target, content, width, height });
  }
  releaseMemory(data);
  return thumbnails;
}

/** Limits the time of an operation. The decoder counts whole seconds, so it may stop up to a second late. */
function withDeadline(image: Sharp, deadline: number): Sharp {
  const timeLeft = deadline - performance.now();
  if (timeLeft <= 0) throw imageProblems.imageTooSlow();
  return image.timeout({ seconds: Math.ceil(timeLeft / 1000) });
}

async function readWholePng(path: string): Promise<Buffer> {
  const bytes = await readFile(path);
  if (!hasPngEnd(bytes)) throw imageProblems.imageCorrupt();
  return bytes;
}

/** Encodes a thumbnail. The best compression of JPEG cannot be interrupted, so large images go without. */
function encode(image: Sharp, format: ImageFormat, isLarge: boolean): Sharp {
  return format === 'jpeg' ? image.jpeg({ quality: 80, mozjpeg: !isLarge }) : image.png();
}

function isInterlaced({ isProgressive, pages = 1 }: Metadata): boolean {
  return isProgressive || pages > 1;
}

/** Blames the file for every error of the decoder. */
function throwProblem(error: Error): never {
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
