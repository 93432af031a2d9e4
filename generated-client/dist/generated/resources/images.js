import { listImages, getImage, deleteImage, downloadImage, followImageLink, createImageLink, listImageLinks, deleteImageLink, } from '../operations/images.js';
import { Resource } from '../../resource.js';
/** The operations of `images`. */
export class ImagesResource extends Resource {
    /**
     * List your images.
     *
     * The newest first.
     *
     * @param query Filters, and the part of the list.
     * @returns A page of images. Iterate over the call for all entries.
     * @throws {ApiError} `insufficient_scope`, `invalid_token`, `missing_token`, `session_ended`, `token_expired`,
     * `database_unavailable`, `rate_limited`, `too_many_in_flight`, `expectation_failed`, `internal_error`,
     * `overloaded`, `validation_failed`.
     */
    list(query = {}, options) {
        return this.pages(listImages(), query, options);
    }
    /**
     * Get an image.
     *
     * The sizes of an image and their addresses. For its owner and administrators.
     *
     * @param id The id.
     * @returns The image.
     * @throws {ApiError} `image_not_found`, `not_found`, `malformed_request`, `insufficient_scope`, `invalid_token`,
     * `missing_token`, `session_ended`, `token_expired`, `database_unavailable`, `rate_limited`,
     * `too_many_in_flight`, `expectation_failed`, `internal_error`, `overloaded`, `validation_failed`.
     */
    get(id, options) {
        return this.call(getImage(id), options);
    }
    /**
     * Delete an image.
     *
     * Deletes all its sizes and links, too. For its owner and administrators. Its bytes are removed soon after.
     *
     * @param id The id.
     * @returns The image is deleted.
     * @throws {ApiError} `image_not_found`, `not_found`, `body_too_large`, `outcome_unknown`, `malformed_json`,
     * `request_timeout`, `unsupported_content_encoding`, `unsupported_media_type`, `malformed_request`,
     * `insufficient_scope`, `invalid_token`, `missing_token`, `session_ended`, `token_expired`,
     * `database_unavailable`, `rate_limited`, `too_many_in_flight`, `expectation_failed`, `internal_error`,
     * `overloaded`, `validation_failed`.
     */
    delete(id, options) {
        return this.call(deleteImage(id), options);
    }
    /**
     * Download a size of an image.
     *
     * For the owner and administrators, and whoever has its signed `url`, if the tier of the owner includes the size
     * now. Supports `Range` and `If-None-Match`.
     *
     * @param id The image.
     * @param size `original`, or a height as in `200px`.
     * @returns The file.
     * @throws {ApiError} `invalid_signature`, `signature_expired`, `range_not_satisfiable`, `size_not_found`,
     * `image_corrupt`, `image_queue_full`, `image_too_slow`, `too_many_pixels`, `storage_unavailable`,
     * `image_not_found`, `not_found`, `malformed_request`, `insufficient_scope`, `invalid_token`, `missing_token`,
     * `session_ended`, `token_expired`, `database_unavailable`, `rate_limited`, `too_many_in_flight`,
     * `expectation_failed`, `internal_error`, `overloaded`, `validation_failed`.
     */
    download(id, size, options) {
        return this.call(downloadImage(id, size), options);
    }
    /**
     * Download an image by a link.
     *
     * For anyone who has the link. Supports `Range` and `If-None-Match`.
     *
     * @param token The last part of the `url` of a link.
     * @returns The file.
     * @throws {ApiError} `link_expired`, `link_not_found`, `range_not_satisfiable`, `image_corrupt`,
     * `image_queue_full`, `image_too_slow`, `too_many_pixels`, `storage_unavailable`, `not_found`,
     * `malformed_request`, `database_unavailable`, `rate_limited`, `too_many_in_flight`, `expectation_failed`,
     * `internal_error`, `overloaded`, `validation_failed`.
     */
    followLink(token, options) {
        return this.call(followImageLink(token), options);
    }
    /**
     * Create a link.
     *
     * Anyone who has the link can see the image until the link expires. For owners whose tier includes links, and
     * for administrators, whose links may never expire.
     *
     * @param id The id.
     * @param body A link to create.
     * @returns The link.
     * @throws {ApiError} `endless_link_forbidden`, `links_not_included`, `size_not_found`, `image_not_found`,
     * `idempotency_in_progress`, `idempotency_key_reused`, `not_found`, `body_too_large`, `outcome_unknown`,
     * `malformed_json`, `request_timeout`, `unsupported_content_encoding`, `unsupported_media_type`,
     * `malformed_request`, `insufficient_scope`, `invalid_token`, `missing_token`, `session_ended`, `token_expired`,
     * `database_unavailable`, `rate_limited`, `too_many_in_flight`, `expectation_failed`, `internal_error`,
     * `overloaded`, `validation_failed`.
     */
    createLink(id, body, options) {
        return this.call(createImageLink(id, body), options);
    }
    /**
     * List the links of an image.
     *
     * Links that have not expired, the newest first.
     *
     * @param id The id.
     * @param query Filters, and the part of the list.
     * @returns A page of links. Iterate over the call for all entries.
     * @throws {ApiError} `image_not_found`, `not_found`, `malformed_request`, `insufficient_scope`, `invalid_token`,
     * `missing_token`, `session_ended`, `token_expired`, `database_unavailable`, `rate_limited`,
     * `too_many_in_flight`, `expectation_failed`, `internal_error`, `overloaded`, `validation_failed`.
     */
    listLinks(id, query = {}, options) {
        return this.pages(listImageLinks(id), query, options);
    }
    /**
     * Delete a link.
     *
     * Takes effect at once, except in caches, which may keep the image for five minutes.
     *
     * @param id The image.
     * @param linkId The link.
     * @returns The link is deleted.
     * @throws {ApiError} `link_not_found`, `image_not_found`, `not_found`, `body_too_large`, `outcome_unknown`,
     * `malformed_json`, `request_timeout`, `unsupported_content_encoding`, `unsupported_media_type`,
     * `malformed_request`, `insufficient_scope`, `invalid_token`, `missing_token`, `session_ended`, `token_expired`,
     * `database_unavailable`, `rate_limited`, `too_many_in_flight`, `expectation_failed`, `internal_error`,
     * `overloaded`, `validation_failed`.
     */
    deleteLink(id, linkId, options) {
        return this.call(deleteImageLink(id, linkId), options);
    }
}
