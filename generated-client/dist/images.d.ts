import { type Call } from './call.js';
import type { UploadedImage } from './generated/models/UploadedImage.js';
import { ImagesResource as ImageOperations } from './generated/resources/images.js';
import { type BlobLike, type ByteStream } from './kinds.js';
import type { CallOptions, IdempotentOptions } from './resource.js';
import type { ProgressListener } from './stream-body.js';
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
export declare class ImagesResource extends ImageOperations {
    #private;
    /**
     * Uploads an image and waits for its thumbnails.
     *
     * @param file A PNG or JPEG: a `Blob` or `File`, bytes, a stream of bytes, or the path of a file.
     * @returns The image, with the addresses of its sizes.
     * @throws {TypeError} if the file is of another type.
     * @throws {ApiError} `unsupported_image`, `image_corrupt`, `image_too_large`, `too_many_pixels`,
     * `quota_exceeded`, `links_not_included` and other codes of the operation.
     */
    upload(file: ImageFile, options?: ImageUploadOptions): Call<UploadedImage>;
    /**
     * Returns one size of an image as a stream of bytes. A stream that is not read to its end must be cancelled.
     *
     * @param size `original`, or a height as in `200px`.
     * @throws {ApiError} `image_not_found`, `size_not_found`.
     */
    stream(id: string, size: string, options?: CallOptions): Call<ReadableStream<Uint8Array>>;
    /**
     * Returns the image of a link as a stream of bytes. A stream that is not read to its end must be cancelled.
     *
     * @param token The last part of the `url` of a link.
     * @throws {ApiError} `link_not_found`, `link_expired`.
     */
    streamLink(token: string, options?: CallOptions): Call<ReadableStream<Uint8Array>>;
}
