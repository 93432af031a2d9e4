// Generated from openapi.json by scripts/generate-client. Do not edit: change the schema of the route, and run it again.
import type { Image } from '../models/Image.js';
import type { ImageLink } from '../models/ImageLink.js';
import type { ImageLinkPage } from '../models/ImageLinkPage.js';
import type { ImagePage } from '../models/ImagePage.js';
import type { NewImageLink } from '../models/NewImageLink.js';
import type { UploadedImage } from '../models/UploadedImage.js';
import type { CancelablePromise } from '../core/CancelablePromise.js';
import type { BaseHttpRequest } from '../core/BaseHttpRequest.js';
import { type PagePromise, requestPages } from '../../pages.js';
export class ImagesService {
  public readonly httpRequest: BaseHttpRequest;

  constructor(httpRequest: BaseHttpRequest) {
    this.httpRequest = httpRequest;
  }
  /**
   * Upload an image
   * Makes the thumbnails that your tier includes. Thumbnails are upright, in sRGB, never larger than the image, and without metadata such as the place of a photograph; the original stays byte for byte the same.
   * @returns UploadedImage The image.
   * @throws ApiError
   */
  public uploadImage({
    formData,
    idempotencyKey,
  }: {
    /**
     * A form with one file.
     */
    formData: {
      /**
       * A PNG or JPEG, whatever its name and type are.
       */
      image: Blob;
      /**
       * Also creates a link with this lifetime. The tier must include links.
       */
      expiring_time_seconds?: number;
    },
    /**
     * Any text that you use for this request alone, such as a random UUID. With it, the request can be repeated, also after a lost response: it takes effect once, and gets the same response.
     */
    idempotencyKey?: string,
  }): CancelablePromise<UploadedImage> {
    return this.httpRequest.request({
      method: 'POST',
      url: '/images',
      headers: {
        'idempotency-key': idempotencyKey,
      },
      formData: formData,
      mediaType: 'multipart/form-data',
    });
  }
  /**
   * List your images
   * The newest first.
   * @returns ImagePage A page of images.
   * @throws ApiError
   */
  public listImages({
    page,
    limit,
  }: {
    /**
     * Number of the page, from 1.
     */
    page?: number,
    /**
     * Entries per page.
     */
    limit?: number,
  } = {}): PagePromise<ImagePage> {
    return requestPages(this.httpRequest, {
      method: 'GET',
      url: '/images',
      query: {
        'page': page,
        'limit': limit,
      },
    });
  }
  /**
   * Get an image
   * The sizes of an image and their addresses. For its owner and administrators.
   * @returns Image The image.
   * @throws ApiError
   */
  public getImage({
    id,
  }: {
    /**
     * The id.
     */
    id: string,
  }): CancelablePromise<Image> {
    return this.httpRequest.request({
      method: 'GET',
      url: '/images/{id}',
      path: {
        'id': id,
      },
    });
  }
  /**
   * Delete an image
   * Deletes all its sizes and links, too. For its owner and administrators. Its bytes are removed soon after.
   * @returns void
   * @throws ApiError
   */
  public deleteImage({
    id,
  }: {
    /**
     * The id.
     */
    id: string,
  }): CancelablePromise<void> {
    return this.httpRequest.request({
      method: 'DELETE',
      url: '/images/{id}',
      path: {
        'id': id,
      },
    });
  }
  /**
   * Download a size of an image
   * For the owner and administrators, if the tier of the owner includes the size now. Supports `Range` and `If-None-Match`.
   * @returns binary The file.
   * @throws ApiError
   */
  public downloadImage({
    id,
    size,
  }: {
    /**
     * The image.
     */
    id: string,
    /**
     * `original`, or a height as in `200px`.
     */
    size: string,
  }): CancelablePromise<Blob> {
    return this.httpRequest.request({
      method: 'GET',
      url: '/images/{id}/{size}',
      path: {
        'id': id,
        'size': size,
      },
    });
  }
  /**
   * Download an image by a link
   * For anyone who has the link. Supports `Range` and `If-None-Match`.
   * @returns binary The file.
   * @throws ApiError
   */
  public followImageLink({
    token,
  }: {
    /**
     * The last part of the `url` of a link.
     */
    token: string,
  }): CancelablePromise<Blob> {
    return this.httpRequest.request({
      method: 'GET',
      url: '/links/{token}',
      path: {
        'token': token,
      },
    });
  }
  /**
   * Create a link
   * Anyone who has the link can see the image until the link expires. For owners whose tier includes links, and for administrators, whose links may never expire.
   * @returns ImageLink The link.
   * @throws ApiError
   */
  public createImageLink({
    id,
    requestBody,
    idempotencyKey,
  }: {
    /**
     * The id.
     */
    id: string,
    requestBody: NewImageLink,
    /**
     * Any text that you use for this request alone, such as a random UUID. With it, the request can be repeated, also after a lost response: it takes effect once, and gets the same response.
     */
    idempotencyKey?: string,
  }): CancelablePromise<ImageLink> {
    return this.httpRequest.request({
      method: 'POST',
      url: '/images/{id}/links',
      path: {
        'id': id,
      },
      headers: {
        'idempotency-key': idempotencyKey,
      },
      body: requestBody,
      mediaType: 'application/json',
    });
  }
  /**
   * List the links of an image
   * Links that have not expired, the newest first.
   * @returns ImageLinkPage A page of links.
   * @throws ApiError
   */
  public listImageLinks({
    id,
    page,
    limit,
  }: {
    /**
     * The id.
     */
    id: string,
    /**
     * Number of the page, from 1.
     */
    page?: number,
    /**
     * Entries per page.
     */
    limit?: number,
  }): PagePromise<ImageLinkPage> {
    return requestPages(this.httpRequest, {
      method: 'GET',
      url: '/images/{id}/links',
      path: {
        'id': id,
      },
      query: {
        'page': page,
        'limit': limit,
      },
    });
  }
  /**
   * Delete a link
   * Takes effect at once, except in caches, which may keep the image for five minutes.
   * @returns void
   * @throws ApiError
   */
  public deleteImageLink({
    id,
    link_id,
  }: {
    /**
     * The image.
     */
    id: string,
    /**
     * The link.
     */
    link_id: string,
  }): CancelablePromise<void> {
    return this.httpRequest.request({
      method: 'DELETE',
      url: '/images/{id}/links/{link_id}',
      path: {
        'id': id,
        'link_id': link_id,
      },
    });
  }
}
