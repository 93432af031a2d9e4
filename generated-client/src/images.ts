import { type Call, toCall, type WithResponse } from './call.js';
import { openDownload } from './download.js';
import { openFile } from './file-path.js';
import type { UploadedImage } from './generated/models/UploadedImage.js';
import { downloadImage, followImageLink, uploadImage } from './generated/operations/images.js';
import { ImagesResource as ImageOperations } from './generated/resources/images.js';
import { type BlobLike, type ByteStream, isBlob, isBytes, isStream } from './kinds.js';
import type { Operation } from './operation.js';
import type { CallOptions, IdempotentOptions } from './resource.js';
import type { ProgressListener } from './stream-body.js';
import { traceTo } from './trace.js';
import { createUpload } from './upload.js';

/** A PNG or JPEG: its bytes or, where the runtime has files, its path or `file:` URL. */
export type ImageFile = BlobLike | Uint8Array | ArrayBuffer | ByteStream | string | URL;

export interface ImageUploadOptions extends IdempotentOptions {
  /** Also creates a link with this lifetime in seconds, 300 to 300,000. */
  expiring_time_seconds?: number | undefined;
  /** Called with the progress of sending the request, which is slightly larger than the file; each attempt starts at 0. */
  onProgress?: ProgressListener | undefined;
}

/**
 * The operations of `images`, with uploads from any source and downloads as streams.
 *
 * @example
 * ```ts
 * const { id, images } = await tally.images.upload('photo.jpg');
 * const thumbnail = await tally.images.download(id, '200px'); // a Blob
 * ```
 */
export class ImagesResource extends ImageOperations {
  /**
   * Uploads an image and waits for its thumbnails.
   *
   * @param file A PNG or JPEG: a `Blob` or `File`, bytes, a stream of bytes, or the path of a file.
   * @returns The image, with the addresses of its sizes.
   * @throws {TypeError} if the file is of another type.
   * @throws {ApiError} `unsupported_image`, `image_corrupt`, `image_too_large`, `too_many_pixels`,
   * `quota_exceeded`, `links_not_included` and other codes of the operation.
   */
  upload(file: ImageFile, options: ImageUploadOptions = {}): Call<UploadedImage> {
    return toCall(this.#upload(file, options));
  }

  /**
   * Returns one size of an image as a stream of bytes. A stream that is not read to its end must be cancelled.
   *
   * @param size `original`, or a height as in `200px`.
   * @throws {ApiError} `image_not_found`, `size_not_found`.
   */
  stream(id: string, size: string, options?: CallOptions): Call<ReadableStream<Uint8Array>> {
    return this.#stream(downloadImage(id, size), options);
  }

  /**
   * Returns the image of a link as a stream of bytes. A stream that is not read to its end must be cancelled.
   *
   * @param token The last part of the `url` of a link.
   * @throws {ApiError} `link_not_found`, `link_expired`.
   */
  streamLink(token: string, options?: CallOptions): Call<ReadableStream<Uint8Array>> {
    return this.#stream(followImageLink(token), options);
  }

  async #upload(
    file: ImageFile,
    { expiring_time_seconds, onProgress, ...options }: ImageUploadOptions,
  ): Promise<WithResponse<UploadedImage>> {
    const caller = new Error();
    try {
      const image = await open(file);
      // The transport also sends streams, which the generated type lacks.
      const operation = uploadImage({ image: image as Blob });
      const upload = createUpload({ expiring_time_seconds, image }, onProgress);
      return await this.send(operation, options, upload);
    } catch (error) {
      throw traceTo(error, caller);
    }
  }

  #stream(operation: Operation<Blob>, options?: CallOptions): Call<ReadableStream<Uint8Array>> {
    const streamed: Operation<unknown> = operation;
    const parts = { openFile: openDownload };
    return this.call(streamed as Operation<ReadableStream<Uint8Array>>, options, parts);
  }
}

function open(file: ImageFile): Blob | ByteStream | Promise<Blob> {
  if (isBlob(file) || isStream(file)) return file;
  if (isBytes(file)) return new Blob([file as Uint8Array<ArrayBuffer>]);
  if (typeof file === 'string' || file instanceof URL) return openFile(file);
  throw new TypeError(
    'An image must be a Blob, a File, bytes, a stream of bytes, or the path of a file.',
  );
}
