import { isBlob, isBytes, isStream } from './body.js';
import type { UploadedImage } from './generated/models/UploadedImage.js';
import { ImagesService } from './generated/services/ImagesService.js';
import { type CallOptions, narrowSettings, type Settings } from './options.js';
import { openPath } from './path.js';
import { type Exchange, Transport } from './transport.js';
import type { ProgressListener } from './upload.js';

/** A PNG or JPEG: as it is, or, where the runtime has files, its path or `file:` URL. */
export type ImageFile = Blob | Uint8Array | ArrayBuffer | ReadableStream<Uint8Array> | string | URL;

export interface ImageUploadOptions extends CallOptions {
  /** Makes a link, too, that lives so many seconds; 300 to 300,000. */
  expiringTimeSeconds?: number | undefined;
  /** Hears how much of the request, which is little more than the file, has been sent; anew in each attempt. */
  onProgress?: ProgressListener | undefined;
}

/**
 * Images and the tiers that say who gets which, call by call, and what a call alone does not give:
 * uploads from anywhere, and downloads as streams.
 *
 * @example
 * ```ts
 * const { id, images } = await tally.images.upload('photo.jpg');
 * const thumbnail = await tally.images.downloadImage({ id, size: '200px' }); // a Blob
 * ```
 */
export class Images extends ImagesService {
  readonly #settings: Settings;

  constructor(settings: Settings) {
    super(new Transport(settings));
    this.#settings = settings;
  }

  /**
   * Uploads an image, and waits for its thumbnails.
   *
   * @throws {TypeError} if it is none of what can be sent.
   * @throws {ApiError} `unsupported_image`, `image_corrupt`, `image_too_large`, `too_many_pixels`,
   * `quota_exceeded`, `links_not_included` and the other reasons why it is refused.
   */
  async upload(
    file: ImageFile,
    { expiringTimeSeconds, onProgress, ...options }: ImageUploadOptions = {},
  ): Promise<UploadedImage> {
    const service = this.#service(options, { onProgress });
    const formData: Parameters<ImagesService['uploadImage']>[0]['formData'] = {
      // The transport sends a stream, too, of which the generator knows nothing.
      image: (await open(file)) as Blob,
    };
    if (expiringTimeSeconds !== undefined) formData.expiring_time_seconds = expiringTimeSeconds;
    return service.uploadImage({ formData });
  }

  /**
   * A size of an image, as a stream of its bytes. Who does not read it to its end must cancel it.
   *
   * @throws {ApiError} `image_not_found`, `size_not_found`.
   */
  async streamImage(
    image: Parameters<ImagesService['downloadImage']>[0],
    options: CallOptions = {},
  ): Promise<ReadableStream<Uint8Array>> {
    const stream: unknown = await this.#streaming(options).downloadImage(image);
    return stream as ReadableStream<Uint8Array>;
  }

  /**
   * What a link shows, as a stream of its bytes. Who does not read it to its end must cancel it.
   *
   * @throws {ApiError} `link_not_found`, `link_expired`.
   */
  async streamImageLink(
    link: Parameters<ImagesService['followImageLink']>[0],
    options: CallOptions = {},
  ): Promise<ReadableStream<Uint8Array>> {
    const stream: unknown = await this.#streaming(options).followImageLink(link);
    return stream as ReadableStream<Uint8Array>;
  }

  #streaming(options: CallOptions): ImagesService {
    return this.#service(options, { streamsFiles: true });
  }

  #service(options: CallOptions, exchange: Exchange): ImagesService {
    return new ImagesService(new Transport(narrowSettings(this.#settings, options), exchange));
  }
}

function open(file: ImageFile): Blob | ReadableStream<Uint8Array> | Promise<Blob> {
  if (isBlob(file) || isStream(file)) return file;
  if (isBytes(file)) return new Blob([file as Uint8Array<ArrayBuffer>]);
  if (typeof file === 'string' || file instanceof URL) return openPath(file);
  throw new TypeError(
    'An image is a Blob, a File, bytes, a stream of bytes, or the path of a file.',
  );
}
