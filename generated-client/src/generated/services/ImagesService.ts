// Generated from openapi.json by scripts/generate-client. Do not edit: change the schema of the route, and run it again.
import type { Image } from '../models/Image.js';
import type { ImageLink } from '../models/ImageLink.js';
import type { ImageLinkPage } from '../models/ImageLinkPage.js';
import type { ImagePage } from '../models/ImagePage.js';
import type { NewImageLink } from '../models/NewImageLink.js';
import type { NewTier } from '../models/NewTier.js';
import type { Tier } from '../models/Tier.js';
import type { TierChanges } from '../models/TierChanges.js';
import type { TierPage } from '../models/TierPage.js';
import type { UploadedImage } from '../models/UploadedImage.js';
import type { CancelablePromise } from '../core/CancelablePromise.js';
import type { BaseHttpRequest } from '../core/BaseHttpRequest.js';
export class ImagesService {
  public readonly httpRequest: BaseHttpRequest;

  constructor(httpRequest: BaseHttpRequest) {
    this.httpRequest = httpRequest;
  }
  /**
   * Upload an image
   * Makes the thumbnails that your tier includes. Thumbnails are upright, in sRGB, never larger than the image, and without metadata such as the place of a photograph; the original stays byte for byte what it was.
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
       * A PNG or JPEG, whatever its name and type say.
       */
      image: Blob;
      /**
       * Makes a link, too, that lives so long. The tier must include links.
       */
      expiring_time_seconds?: number;
    },
    /**
     * Any text that you use for this request alone, such as a random UUID. With it, the request can be repeated, also after a lost answer: it takes effect once, and is answered the same.
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
      errors: {
        400: `\`malformed_request\`: This is not a valid HTTP request.
        \`malformed_multipart\`: The body is not valid multipart/form-data.
        \`validation_failed\`: The request breaks the rules named in "errors".`,
        401: `\`missing_token\`: Send a token as "Authorization: Bearer <token>"; POST /auth issues one.
        \`invalid_token\`: The token is not valid here. Get a new one from POST /auth or POST /accounts/login.
        \`token_expired\`: The token has expired. Get a new one.
        \`session_ended\`: The session of the token has ended. Sign in again.`,
        403: `\`insufficient_scope\`: The token lacks a scope.
        \`links_not_included\`: Your tier does not include links that expire.
        \`quota_exceeded\`: Your images, with their thumbnails, would take more room than your tier has. Delete some first.`,
        408: `\`request_timeout\`: The request did not arrive in time.`,
        409: `\`idempotency_in_progress\`: A request with this Idempotency-Key is in progress. Try again.`,
        413: `\`image_too_large\`: The file is larger than your tier accepts.`,
        415: `\`multipart_required\`: Send the image as a part of a multipart/form-data body.
        \`unsupported_image\`: The file is neither PNG nor JPEG by its bytes.
        \`unsupported_content_encoding\`: This route does not decode that Content-Encoding.`,
        417: `\`expectation_failed\`: Remove the Expect header; only "Expect: 100-continue" is supported.`,
        422: `\`image_corrupt\`: The image is damaged or cut short.
        \`too_many_pixels\`: The image has more pixels than this server accepts.
        \`image_too_slow\`: The image takes longer to decode than this server accepts.
        \`idempotency_key_reused\`: This Idempotency-Key was used for another request. Use a new key.`,
        429: `\`too_many_in_flight\`: This client has too many such requests in flight. Try again once some have ended.`,
        500: `\`internal_error\`: The server failed. The log has the reason under the request id.`,
        503: `\`database_unavailable\`: The database does not answer. Try again after Retry-After seconds.
        \`image_queue_full\`: Too many images wait to be processed. Try again after Retry-After seconds.
        \`storage_unavailable\`: The storage of files does not answer. Try again after Retry-After seconds.
        \`overloaded\`: The server is busy. Try again after Retry-After seconds.`,
      },
    });
  }
  /**
   * List your images
   * The newest first.
   * @returns ImagePage A page of images.
   * @throws ApiError
   */
  public listImages({
    page = 1,
    limit = 50,
  }: {
    /**
     * From 1.
     */
    page?: number,
    /**
     * Entries in a page.
     */
    limit?: number,
  }): CancelablePromise<ImagePage> {
    return this.httpRequest.request({
      method: 'GET',
      url: '/images',
      query: {
        'page': page,
        'limit': limit,
      },
      errors: {
        400: `\`validation_failed\`: The request breaks the rules named in "errors".`,
        401: `\`missing_token\`: Send a token as "Authorization: Bearer <token>"; POST /auth issues one.
        \`invalid_token\`: The token is not valid here. Get a new one from POST /auth or POST /accounts/login.
        \`token_expired\`: The token has expired. Get a new one.
        \`session_ended\`: The session of the token has ended. Sign in again.`,
        403: `\`insufficient_scope\`: The token lacks a scope.`,
        417: `\`expectation_failed\`: Remove the Expect header; only "Expect: 100-continue" is supported.`,
        500: `\`internal_error\`: The server failed. The log has the reason under the request id.`,
        503: `\`database_unavailable\`: The database does not answer. Try again after Retry-After seconds.
        \`overloaded\`: The server is busy. Try again after Retry-After seconds.`,
      },
    });
  }
  /**
   * Get an image
   * What sizes it has, and where. For its owner and administrators.
   * @returns Image The image.
   * @throws ApiError
   */
  public getImage({
    id,
  }: {
    /**
     * The image.
     */
    id: string,
  }): CancelablePromise<Image> {
    return this.httpRequest.request({
      method: 'GET',
      url: '/images/{id}',
      path: {
        'id': id,
      },
      errors: {
        400: `\`validation_failed\`: The request breaks the rules named in "errors".`,
        401: `\`missing_token\`: Send a token as "Authorization: Bearer <token>"; POST /auth issues one.
        \`invalid_token\`: The token is not valid here. Get a new one from POST /auth or POST /accounts/login.
        \`token_expired\`: The token has expired. Get a new one.
        \`session_ended\`: The session of the token has ended. Sign in again.`,
        403: `\`insufficient_scope\`: The token lacks a scope.`,
        404: `\`image_not_found\`: You have no image with this id.`,
        417: `\`expectation_failed\`: Remove the Expect header; only "Expect: 100-continue" is supported.`,
        500: `\`internal_error\`: The server failed. The log has the reason under the request id.`,
        503: `\`database_unavailable\`: The database does not answer. Try again after Retry-After seconds.
        \`overloaded\`: The server is busy. Try again after Retry-After seconds.`,
      },
    });
  }
  /**
   * Delete an image
   * With all its sizes and links. For its owner and administrators. Its bytes are removed soon after.
   * @returns void
   * @throws ApiError
   */
  public deleteImage({
    id,
  }: {
    /**
     * The image.
     */
    id: string,
  }): CancelablePromise<void> {
    return this.httpRequest.request({
      method: 'DELETE',
      url: '/images/{id}',
      path: {
        'id': id,
      },
      errors: {
        400: `\`validation_failed\`: The request breaks the rules named in "errors".`,
        401: `\`missing_token\`: Send a token as "Authorization: Bearer <token>"; POST /auth issues one.
        \`invalid_token\`: The token is not valid here. Get a new one from POST /auth or POST /accounts/login.
        \`token_expired\`: The token has expired. Get a new one.
        \`session_ended\`: The session of the token has ended. Sign in again.`,
        403: `\`insufficient_scope\`: The token lacks a scope.`,
        404: `\`image_not_found\`: You have no image with this id.`,
        417: `\`expectation_failed\`: Remove the Expect header; only "Expect: 100-continue" is supported.`,
        500: `\`internal_error\`: The server failed. The log has the reason under the request id.`,
        503: `\`database_unavailable\`: The database does not answer. Try again after Retry-After seconds.
        \`overloaded\`: The server is busy. Try again after Retry-After seconds.`,
      },
    });
  }
  /**
   * Download a size of an image
   * For the owner and administrators, as far as the tier of the owner includes the size now. Knows `Range` and `If-None-Match`.
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
      errors: {
        304: `It is what \`If-None-Match\` says.`,
        400: `\`validation_failed\`: The request breaks the rules named in "errors".`,
        401: `\`missing_token\`: Send a token as "Authorization: Bearer <token>"; POST /auth issues one.
        \`invalid_token\`: The token is not valid here. Get a new one from POST /auth or POST /accounts/login.
        \`token_expired\`: The token has expired. Get a new one.
        \`session_ended\`: The session of the token has ended. Sign in again.`,
        403: `\`insufficient_scope\`: The token lacks a scope.`,
        404: `\`image_not_found\`: You have no image with this id.
        \`size_not_found\`: The tier does not include this size of the image.`,
        416: `\`range_not_satisfiable\`: The file has no such bytes; Content-Range says how many it has.`,
        417: `\`expectation_failed\`: Remove the Expect header; only "Expect: 100-continue" is supported.`,
        422: `\`image_corrupt\`: The image is damaged or cut short.
        \`too_many_pixels\`: The image has more pixels than this server accepts.
        \`image_too_slow\`: The image takes longer to decode than this server accepts.`,
        429: `\`too_many_in_flight\`: This client has too many such requests in flight. Try again once some have ended.`,
        500: `\`internal_error\`: The server failed. The log has the reason under the request id.`,
        503: `\`database_unavailable\`: The database does not answer. Try again after Retry-After seconds.
        \`image_queue_full\`: Too many images wait to be processed. Try again after Retry-After seconds.
        \`storage_unavailable\`: The storage of files does not answer. Try again after Retry-After seconds.
        \`overloaded\`: The server is busy. Try again after Retry-After seconds.`,
      },
    });
  }
  /**
   * See an image by a link
   * For anyone who has the link. Knows `Range` and `If-None-Match`.
   * @returns binary The file.
   * @throws ApiError
   */
  public followImageLink({
    token,
  }: {
    /**
     * From the `url` of a link.
     */
    token: string,
  }): CancelablePromise<Blob> {
    return this.httpRequest.request({
      method: 'GET',
      url: '/links/{token}',
      path: {
        'token': token,
      },
      errors: {
        304: `It is what \`If-None-Match\` says.`,
        400: `\`validation_failed\`: The request breaks the rules named in "errors".`,
        404: `\`link_not_found\`: There is no such link.`,
        410: `\`link_expired\`: The link has expired.`,
        416: `\`range_not_satisfiable\`: The file has no such bytes; Content-Range says how many it has.`,
        417: `\`expectation_failed\`: Remove the Expect header; only "Expect: 100-continue" is supported.`,
        422: `\`image_corrupt\`: The image is damaged or cut short.
        \`too_many_pixels\`: The image has more pixels than this server accepts.
        \`image_too_slow\`: The image takes longer to decode than this server accepts.`,
        429: `\`too_many_in_flight\`: This client has too many such requests in flight. Try again once some have ended.`,
        500: `\`internal_error\`: The server failed. The log has the reason under the request id.`,
        503: `\`database_unavailable\`: The database does not answer. Try again after Retry-After seconds.
        \`image_queue_full\`: Too many images wait to be processed. Try again after Retry-After seconds.
        \`storage_unavailable\`: The storage of files does not answer. Try again after Retry-After seconds.
        \`overloaded\`: The server is busy. Try again after Retry-After seconds.`,
      },
    });
  }
  /**
   * Make a link
   * Anyone who has the link sees the image, until it expires. For owners whose tier includes links, and administrators, who may make one without an end.
   * @returns ImageLink The link.
   * @throws ApiError
   */
  public createImageLink({
    id,
    requestBody,
    idempotencyKey,
  }: {
    /**
     * The image.
     */
    id: string,
    requestBody: NewImageLink,
    /**
     * Any text that you use for this request alone, such as a random UUID. With it, the request can be repeated, also after a lost answer: it takes effect once, and is answered the same.
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
      errors: {
        400: `\`malformed_request\`: This is not a valid HTTP request.
        \`malformed_json\`: The body is not valid JSON.
        \`validation_failed\`: The request breaks the rules named in "errors".`,
        401: `\`missing_token\`: Send a token as "Authorization: Bearer <token>"; POST /auth issues one.
        \`invalid_token\`: The token is not valid here. Get a new one from POST /auth or POST /accounts/login.
        \`token_expired\`: The token has expired. Get a new one.
        \`session_ended\`: The session of the token has ended. Sign in again.`,
        403: `\`insufficient_scope\`: The token lacks a scope.
        \`links_not_included\`: Your tier does not include links that expire.
        \`endless_link_forbidden\`: Only an administrator may make a link without an end.`,
        404: `\`image_not_found\`: You have no image with this id.
        \`size_not_found\`: The tier does not include this size of the image.`,
        408: `\`request_timeout\`: The request did not arrive in time.`,
        409: `\`idempotency_in_progress\`: A request with this Idempotency-Key is in progress. Try again.`,
        413: `\`body_too_large\`: The body is larger than this route accepts.`,
        415: `\`unsupported_media_type\`: Send the body as application/json.
        \`unsupported_content_encoding\`: This route does not decode that Content-Encoding.`,
        417: `\`expectation_failed\`: Remove the Expect header; only "Expect: 100-continue" is supported.`,
        422: `\`idempotency_key_reused\`: This Idempotency-Key was used for another request. Use a new key.`,
        500: `\`internal_error\`: The server failed. The log has the reason under the request id.`,
        503: `\`database_unavailable\`: The database does not answer. Try again after Retry-After seconds.
        \`overloaded\`: The server is busy. Try again after Retry-After seconds.`,
      },
    });
  }
  /**
   * List the links of an image
   * Those that have not expired, the newest first.
   * @returns ImageLinkPage A page of links.
   * @throws ApiError
   */
  public listImageLinks({
    id,
    page = 1,
    limit = 50,
  }: {
    /**
     * The image.
     */
    id: string,
    /**
     * From 1.
     */
    page?: number,
    /**
     * Entries in a page.
     */
    limit?: number,
  }): CancelablePromise<ImageLinkPage> {
    return this.httpRequest.request({
      method: 'GET',
      url: '/images/{id}/links',
      path: {
        'id': id,
      },
      query: {
        'page': page,
        'limit': limit,
      },
      errors: {
        400: `\`validation_failed\`: The request breaks the rules named in "errors".`,
        401: `\`missing_token\`: Send a token as "Authorization: Bearer <token>"; POST /auth issues one.
        \`invalid_token\`: The token is not valid here. Get a new one from POST /auth or POST /accounts/login.
        \`token_expired\`: The token has expired. Get a new one.
        \`session_ended\`: The session of the token has ended. Sign in again.`,
        403: `\`insufficient_scope\`: The token lacks a scope.`,
        404: `\`image_not_found\`: You have no image with this id.`,
        417: `\`expectation_failed\`: Remove the Expect header; only "Expect: 100-continue" is supported.`,
        500: `\`internal_error\`: The server failed. The log has the reason under the request id.`,
        503: `\`database_unavailable\`: The database does not answer. Try again after Retry-After seconds.
        \`overloaded\`: The server is busy. Try again after Retry-After seconds.`,
      },
    });
  }
  /**
   * Revoke a link
   * It leads nowhere from now on, but for caches, which may keep it for five minutes.
   * @returns void
   * @throws ApiError
   */
  public revokeImageLink({
    id,
    linkId,
  }: {
    /**
     * The image.
     */
    id: string,
    /**
     * The link.
     */
    linkId: string,
  }): CancelablePromise<void> {
    return this.httpRequest.request({
      method: 'DELETE',
      url: '/images/{id}/links/{link_id}',
      path: {
        'id': id,
        'link_id': linkId,
      },
      errors: {
        400: `\`validation_failed\`: The request breaks the rules named in "errors".`,
        401: `\`missing_token\`: Send a token as "Authorization: Bearer <token>"; POST /auth issues one.
        \`invalid_token\`: The token is not valid here. Get a new one from POST /auth or POST /accounts/login.
        \`token_expired\`: The token has expired. Get a new one.
        \`session_ended\`: The session of the token has ended. Sign in again.`,
        403: `\`insufficient_scope\`: The token lacks a scope.`,
        404: `\`image_not_found\`: You have no image with this id.
        \`link_not_found\`: There is no such link.`,
        417: `\`expectation_failed\`: Remove the Expect header; only "Expect: 100-continue" is supported.`,
        500: `\`internal_error\`: The server failed. The log has the reason under the request id.`,
        503: `\`database_unavailable\`: The database does not answer. Try again after Retry-After seconds.
        \`overloaded\`: The server is busy. Try again after Retry-After seconds.`,
      },
    });
  }
  /**
   * List tiers
   * For administrators.
   * @returns TierPage A page of tiers.
   * @throws ApiError
   */
  public listTiers({
    page = 1,
    limit = 50,
  }: {
    /**
     * From 1.
     */
    page?: number,
    /**
     * Entries in a page.
     */
    limit?: number,
  }): CancelablePromise<TierPage> {
    return this.httpRequest.request({
      method: 'GET',
      url: '/tiers',
      query: {
        'page': page,
        'limit': limit,
      },
      errors: {
        400: `\`validation_failed\`: The request breaks the rules named in "errors".`,
        401: `\`missing_token\`: Send a token as "Authorization: Bearer <token>"; POST /auth issues one.
        \`invalid_token\`: The token is not valid here. Get a new one from POST /auth or POST /accounts/login.
        \`token_expired\`: The token has expired. Get a new one.
        \`session_ended\`: The session of the token has ended. Sign in again.`,
        403: `\`insufficient_scope\`: The token lacks a scope.`,
        417: `\`expectation_failed\`: Remove the Expect header; only "Expect: 100-continue" is supported.`,
        500: `\`internal_error\`: The server failed. The log has the reason under the request id.`,
        503: `\`database_unavailable\`: The database does not answer. Try again after Retry-After seconds.
        \`overloaded\`: The server is busy. Try again after Retry-After seconds.`,
      },
    });
  }
  /**
   * Make a tier
   * For administrators. `PATCH /accounts/{id}` gives it to an account.
   * @returns Tier The tier.
   * @throws ApiError
   */
  public createTier({
    requestBody,
    idempotencyKey,
  }: {
    requestBody: NewTier,
    /**
     * Any text that you use for this request alone, such as a random UUID. With it, the request can be repeated, also after a lost answer: it takes effect once, and is answered the same.
     */
    idempotencyKey?: string,
  }): CancelablePromise<Tier> {
    return this.httpRequest.request({
      method: 'POST',
      url: '/tiers',
      headers: {
        'idempotency-key': idempotencyKey,
      },
      body: requestBody,
      mediaType: 'application/json',
      errors: {
        400: `\`malformed_request\`: This is not a valid HTTP request.
        \`malformed_json\`: The body is not valid JSON.
        \`validation_failed\`: The request breaks the rules named in "errors".`,
        401: `\`missing_token\`: Send a token as "Authorization: Bearer <token>"; POST /auth issues one.
        \`invalid_token\`: The token is not valid here. Get a new one from POST /auth or POST /accounts/login.
        \`token_expired\`: The token has expired. Get a new one.
        \`session_ended\`: The session of the token has ended. Sign in again.`,
        403: `\`insufficient_scope\`: The token lacks a scope.`,
        408: `\`request_timeout\`: The request did not arrive in time.`,
        409: `\`tier_exists\`: There is a tier with this name already.
        \`idempotency_in_progress\`: A request with this Idempotency-Key is in progress. Try again.`,
        413: `\`body_too_large\`: The body is larger than this route accepts.`,
        415: `\`unsupported_media_type\`: Send the body as application/json.
        \`unsupported_content_encoding\`: This route does not decode that Content-Encoding.`,
        417: `\`expectation_failed\`: Remove the Expect header; only "Expect: 100-continue" is supported.`,
        422: `\`idempotency_key_reused\`: This Idempotency-Key was used for another request. Use a new key.`,
        500: `\`internal_error\`: The server failed. The log has the reason under the request id.`,
        503: `\`database_unavailable\`: The database does not answer. Try again after Retry-After seconds.
        \`overloaded\`: The server is busy. Try again after Retry-After seconds.`,
      },
    });
  }
  /**
   * Get a tier
   * For administrators.
   * @returns Tier The tier.
   * @throws ApiError
   */
  public getTier({
    name,
  }: {
    /**
     * The tier.
     */
    name: string,
  }): CancelablePromise<Tier> {
    return this.httpRequest.request({
      method: 'GET',
      url: '/tiers/{name}',
      path: {
        'name': name,
      },
      errors: {
        400: `\`validation_failed\`: The request breaks the rules named in "errors".`,
        401: `\`missing_token\`: Send a token as "Authorization: Bearer <token>"; POST /auth issues one.
        \`invalid_token\`: The token is not valid here. Get a new one from POST /auth or POST /accounts/login.
        \`token_expired\`: The token has expired. Get a new one.
        \`session_ended\`: The session of the token has ended. Sign in again.`,
        403: `\`insufficient_scope\`: The token lacks a scope.`,
        404: `\`tier_not_found\`: There is no tier with this name.`,
        417: `\`expectation_failed\`: Remove the Expect header; only "Expect: 100-continue" is supported.`,
        500: `\`internal_error\`: The server failed. The log has the reason under the request id.`,
        503: `\`database_unavailable\`: The database does not answer. Try again after Retry-After seconds.
        \`overloaded\`: The server is busy. Try again after Retry-After seconds.`,
      },
    });
  }
  /**
   * Change a tier
   * For administrators. It counts at once, also for images that are there: new heights are made when they are first read.
   * @returns Tier The tier.
   * @throws ApiError
   */
  public updateTier({
    name,
    requestBody,
  }: {
    /**
     * The tier.
     */
    name: string,
    requestBody: TierChanges,
  }): CancelablePromise<Tier> {
    return this.httpRequest.request({
      method: 'PATCH',
      url: '/tiers/{name}',
      path: {
        'name': name,
      },
      body: requestBody,
      mediaType: 'application/json',
      errors: {
        400: `\`malformed_request\`: This is not a valid HTTP request.
        \`malformed_json\`: The body is not valid JSON.
        \`validation_failed\`: The request breaks the rules named in "errors".`,
        401: `\`missing_token\`: Send a token as "Authorization: Bearer <token>"; POST /auth issues one.
        \`invalid_token\`: The token is not valid here. Get a new one from POST /auth or POST /accounts/login.
        \`token_expired\`: The token has expired. Get a new one.
        \`session_ended\`: The session of the token has ended. Sign in again.`,
        403: `\`insufficient_scope\`: The token lacks a scope.`,
        404: `\`tier_not_found\`: There is no tier with this name.`,
        408: `\`request_timeout\`: The request did not arrive in time.`,
        413: `\`body_too_large\`: The body is larger than this route accepts.`,
        415: `\`unsupported_media_type\`: Send the body as application/json.
        \`unsupported_content_encoding\`: This route does not decode that Content-Encoding.`,
        417: `\`expectation_failed\`: Remove the Expect header; only "Expect: 100-continue" is supported.`,
        500: `\`internal_error\`: The server failed. The log has the reason under the request id.`,
        503: `\`database_unavailable\`: The database does not answer. Try again after Retry-After seconds.
        \`overloaded\`: The server is busy. Try again after Retry-After seconds.`,
      },
    });
  }
  /**
   * Delete a tier
   * For administrators. Not one that accounts have, or that came with Tally.
   * @returns void
   * @throws ApiError
   */
  public deleteTier({
    name,
  }: {
    /**
     * The tier.
     */
    name: string,
  }): CancelablePromise<void> {
    return this.httpRequest.request({
      method: 'DELETE',
      url: '/tiers/{name}',
      path: {
        'name': name,
      },
      errors: {
        400: `\`validation_failed\`: The request breaks the rules named in "errors".`,
        401: `\`missing_token\`: Send a token as "Authorization: Bearer <token>"; POST /auth issues one.
        \`invalid_token\`: The token is not valid here. Get a new one from POST /auth or POST /accounts/login.
        \`token_expired\`: The token has expired. Get a new one.
        \`session_ended\`: The session of the token has ended. Sign in again.`,
        403: `\`insufficient_scope\`: The token lacks a scope.`,
        404: `\`tier_not_found\`: There is no tier with this name.`,
        409: `\`tier_built_in\`: This tier came with Tally and stays.
        \`tier_in_use\`: Accounts have this tier. Give them another first.`,
        417: `\`expectation_failed\`: Remove the Expect header; only "Expect: 100-continue" is supported.`,
        500: `\`internal_error\`: The server failed. The log has the reason under the request id.`,
        503: `\`database_unavailable\`: The database does not answer. Try again after Retry-After seconds.
        \`overloaded\`: The server is busy. Try again after Retry-After seconds.`,
      },
    });
  }
}
