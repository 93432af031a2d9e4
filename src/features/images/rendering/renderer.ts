import { problems } from '../../../http/problem.ts';
import { thumbnailDimensions } from '../sizes.ts';
import { decode, type ImageHeader, inspect, type PixelLimits, type Thumbnail } from './decode.ts';
import { createImageQueue } from './queue.ts';

export interface RenderLimits extends PixelLimits {
  /** Images that are decoded at once. */
  decoders: number;
  /** Images that wait to be decoded. */
  queue: number;
  /** Images of one account that wait. */
  perAccount: number;
  /** Longest time of work on one image, in milliseconds. */
  timeout: number;
  /** Most pixels of thumbnails that are made at once of one image. */
  thumbnailPixels: number;
}

interface RenderJob {
  /** Whose image it is: accounts take turns. */
  account: string;
  /** Heights of thumbnails. */
  heights: number[];
  /** Tells whether anyone still waits for the image once its turn has come. */
  isAwaited?(): boolean;
}

export interface Rendered {
  header: ImageHeader;
  /** In ascending order. Those that would be too much work at once are left out, but not the smallest. */
  thumbnails: Thumbnail[];
}

export interface Renderer {
  /**
   * Reads the header of a file, decodes all of it, and makes its thumbnails.
   *
   * @throws {Problem} `unsupported_image`, `image_corrupt`, `too_many_pixels`, `image_too_slow`,
   * `image_queue_full`
   */
  render(path: string, job: RenderJob): Promise<Rendered>;
}

/** Memory that one decoder may take, in bytes; an image that takes more has the places of several. */
const DECODER_MEMORY = 96_000_000;

export function createRenderer(limits: RenderLimits): Renderer {
  const { maxPixels, decoders, queue, perAccount, timeout, thumbnailPixels } = limits;
  const runInTurn = createImageQueue({ concurrency: decoders, queue, perAccount });

  async function render(path: string, { account, heights, isAwaited }: RenderJob) {
    let left = timeout;
    const timed = <T>(slots: number, work: () => Promise<T>) =>
      runInTurn(
        async () => {
          if (isAwaited?.() === false) throw problems.malformedRequest('The client has gone.');
          const started = performance.now();
          const result = await work();
          left -= performance.now() - started;
          return result;
        },
        { client: account, slots },
      );
    const header = await timed(1, () => inspect(path, limits));
    const made = atOnce(header, heights, thumbnailPixels);
    const options = { header, heights: made, maxPixels };
    const thumbnails = await timed(placesOf(header, made), () =>
      decode(path, { ...options, timeout: left }),
    );
    return { header, thumbnails };
  }

  return { render };
}

/** The heights of as many thumbnails as have together no more than `pixels`, and of the smallest anyway. */
function atOnce(header: ImageHeader, heights: number[], pixels: number): number[] {
  let total = 0;
  return heights
    .toSorted((a, b) => a - b)
    .filter((target, index) => {
      const { width, height } = thumbnailDimensions(header, target);
      total += width * height;
      return index === 0 || total <= pixels;
    });
}

/** An interlaced image takes up to 8 bytes a pixel, and the largest thumbnail 12, decoded and encoded. */
function placesOf(header: ImageHeader, heights: number[]): number {
  const { width, height } = thumbnailDimensions(header, heights.at(-1)!);
  const decoded = header.isInterlaced ? 8 * header.width * header.height : 0;
  return Math.max(1, Math.ceil((decoded + 12 * width * height) / DECODER_MEMORY));
}
