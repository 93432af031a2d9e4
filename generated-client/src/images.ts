import { openFile } from './file-path.js';
import type { UploadedImage } from './generated/models/UploadedImage.js';
import { ImagesService } from './generated/services/ImagesService.js';
import { isBlob, isBytes, isStream } from './kinds.js';
import { type CallOptions, overrideSettings, type Settings } from './options.js';
import type { ProgressListener } from './stream-body.js';
import { Transport, type TransportOptions } from './transport.js';

/** A PNG or JPEG: its bytes or, where the runtime has files, its path or `file:` URL. */
export type ImageFile = Blob | Uint8Array | ArrayBuffer | ReadableStream<Uint8Array> | string | URL;

export interface ImageUploadOptions extends CallOptions {
  /** Also creates a link with this lifetime in seconds, 300 to 300,000. */
  expiring_time_seconds?: number | undefined;
  /** Called with the progress of sending the request, which is slightly larger than the file; each attempt starts at 0. */
  onProgress?: ProgressListener | undefined;
}

/**
 * The service of images, with uploads from any source and downloads as streams.
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
   * Uploads an image and waits for its thumbnails.
   *
   * @throws {TypeError} if the file is of another type.
   * @throws {ApiError} `unsupported_image`, `image_corrupt`, `image_too_large`, `too_many_pixels`,
   * `quota_exceeded`, `links_not_included` and other codes of the operation.
   */
  async upload(
    file: ImageFile,
    { expiring_time_seconds, onProgress, ...options }: ImageUploadOptions = {},
  ): Promise<UploadedImage> {
    const service = this.#service(options, { onProgress });
    const formData: Parameters<ImagesService['uploadImage']>[0]['formData'] = {
      // The transport also sends streams, which the generated type lacks.
      image: (await open(file)) as Blob,
    };
    if (expiring_time_seconds !== undefined) formData.expiring_time_seconds = expiring_time_seconds;
    return service.uploadImage({ formData });
  }

  /**
   * Returns one size of an image as a stream of bytes. A stream that is not read to its end must be cancelled.
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
   * Returns the image of a link as a stream of bytes. A stream that is not read to its end must be cancelled.
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

  #service(options: CallOptions, transport: TransportOptions): ImagesService {
    return new ImagesService(new Transport(overrideSettings(this.#settings, options), transport));
  }
}

function open(file: ImageFile): Blob | ReadableStream<Uint8Array> | Promise<Blob> {
  if (isBlob(file) || isStream(file)) return file;
  if (isBytes(file)) return new Blob([file as Uint8Array<ArrayBuffer>]);
  if (typeof file === 'string' || file instanceof URL) return openFile(file);
  throw new TypeError(
    'An image must be a Blob, a File, bytes, a stream of bytes, or the path of a file.',
  );
}
