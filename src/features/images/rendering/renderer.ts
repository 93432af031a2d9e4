import { problems } from '../../../http/problem.ts';
import { createQueue } from '../../../queue.ts';
import { timed } from '../../../telemetry.ts';
import { imageProblems } from '../problems.ts';
import { thumbnailDimensions } from '../sizes.ts';
import { decode, type ImageHeader, inspect, type PixelLimits, type Thumbnail } from './decode.ts';

export interface RenderLimits extends PixelLimits {
  /** Images that are decoded at once. */
  decoders: number;
  /** Most images that wait to be decoded. */
  queue: number;
  /** Most images of one account that wait. */
  perAccount: number;
  /** Longest time of work on one image, in milliseconds. */
  timeout: number;
  /** Most pixels of thumbnails that are made of one image at once. */
  thumbnailPixels: number;
}

interface RenderJob {
  /** The account that the image belongs to: accounts take turns. */
  account: string;
  /** Heights of thumbnails. */
  heights: number[];
  /** Says, when the image's turn has come, whether the client is still connected. */
  isAwaited?(): boolean;
}

export interface Rendered {
  header: ImageHeader;
  /** In ascending order. The largest are missing if they would have been too much work at once. */
  thumbnails: Thumbnail[];
}

export interface Renderer {
  /**
   * Reads the header of a file, decodes it completely, and makes its thumbnails.
   *
   * @throws {Problem} `unsupported_image`, `image_corrupt`, `too_many_pixels`, `image_too_slow`,
   * `image_queue_full`
   */
  render(path: string, job: RenderJob): Promise<Rendered>;
}

/** Memory for which one slot of the queue stands, in bytes. */
const SLOT_BYTES = 96_000_000;

export function createRenderer(limits: RenderLimits): Renderer {
  const { maxPixels, decoders, queue: maxWaiting, perAccount, thumbnailPixels } = limits;
  const queue = createQueue(
    { slots: decoders, maxWaiting, maxPerClient: perAccount, name: 'image_decoders' },
    imageProblems.queueFull,
  );

  return {
    async render(path, { account, heights, isAwaited }) {
      let timeLeft = limits.timeout;
      const inTurn = <T>(slots: number, work: () => Promise<T>) =>
        queue.run(
          async () => {
            if (isAwaited?.() === false) throw problems.malformedRequest('The client has gone.');
            const started = performance.now();
            const result = await work();
            timeLeft -= performance.now() - started;
            return result;
          },
          { client: account, slots },
        );
      const header = await inTurn(1, () => inspect(path, limits));
      const made = heightsToMake(header, heights, thumbnailPixels);
      const thumbnails = await inTurn(slotsFor(header, made), () =>
        timed({ kind: 'image_decoding', name: header.format }, () =>
          decode(path, { header, heights: made, maxPixels, timeout: timeLeft }),
        ),
      );
      return { header, thumbnails };
    },
  };
}

/** Returns the smallest height, and those up to which all thumbnails together have at most `maxPixels`. */
function heightsToMake(header: ImageHeader, heights: number[], maxPixels: number): number[] {
  let total = 0;
  return heights
    .toSorted((a, b) => a - b)
    .filter((target, index) => {
      const { width, height } = thumbnailDimensions(header, target);
      total += width * height;
      return index === 0 || total <= maxPixels;
    });
}

/** Estimates memory: up to 8 bytes a pixel of an interlaced image, and 12 of the largest thumbnail. */
function slotsFor(header: ImageHeader, heights: number[]): number {
  const { width, height } = thumbnailDimensions(header, heights.at(-1)!);
  const decoded = header.isInterlaced ? 8 * header.width * header.height : 0;
  return Math.max(1, Math.ceil((decoded + 12 * width * height) / SLOT_BYTES));
}
