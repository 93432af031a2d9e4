import { toCall } from './call.js';
import { openDownload } from './download.js';
import { openFile } from './file-path.js';
import { downloadImage, followImageLink, uploadImage } from './generated/operations/images.js';
import { ImagesResource as ImageOperations } from './generated/resources/images.js';
import { isBlob, isBytes, isStream } from './kinds.js';
import { traceTo } from './trace.js';
import { createUpload } from './upload.js';
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
    upload(file, options = {}) {
        return toCall(this.#upload(file, options));
    }
    /**
     * Returns one size of an image as a stream of bytes. A stream that is not read to its end must be cancelled.
     *
     * @param size `original`, or a height as in `200px`.
     * @throws {ApiError} `image_not_found`, `size_not_found`.
     */
    stream(id, size, options) {
        return this.#stream(downloadImage(id, size), options);
    }
    /**
     * Returns the image of a link as a stream of bytes. A stream that is not read to its end must be cancelled.
     *
     * @param token The last part of the `url` of a link.
     * @throws {ApiError} `link_not_found`, `link_expired`.
     */
    streamLink(token, options) {
        return this.#stream(followImageLink(token), options);
    }
    async #upload(file, { expiring_time_seconds, onProgress, ...options }) {
        const caller = new Error();
        try {
            const image = await open(file);
            // The transport also sends streams, which the generated type lacks.
            const operation = uploadImage({ image: image });
            const upload = createUpload({ expiring_time_seconds, image }, onProgress);
            return await this.send(operation, options, upload);
        }
        catch (error) {
            throw traceTo(error, caller);
        }
    }
    #stream(operation, options) {
        const streamed = operation;
        const parts = { openFile: openDownload };
        return this.call(streamed, options, parts);
    }
}
function open(file) {
    if (isBlob(file) || isStream(file))
        return file;
    if (isBytes(file))
        return new Blob([file]);
    if (typeof file === 'string' || file instanceof URL)
        return openFile(file);
    throw new TypeError('An image must be a Blob, a File, bytes, a stream of bytes, or the path of a file.');
}
