import { createTier, listTiers, getOwnTier, getTier, updateTier, deleteTier, } from '../operations/tiers.js';
import { Resource } from '../../resource.js';
/** The operations of `tiers`. */
export class TiersResource extends Resource {
    /**
     * Create a tier.
     *
     * For administrators. `PATCH /accounts/{id}` gives the tier to an account.
     *
     * @param body A tier to create.
     * @returns The tier.
     * @throws {ApiError} `tier_exists`, `idempotency_in_progress`, `idempotency_key_reused`, `body_too_large`,
     * `outcome_unknown`, `malformed_json`, `request_timeout`, `unsupported_content_encoding`,
     * `unsupported_media_type`, `malformed_request`, `insufficient_scope`, `invalid_token`, `missing_token`,
     * `session_ended`, `token_expired`, `database_unavailable`, `rate_limited`, `too_many_in_flight`,
     * `expectation_failed`, `internal_error`, `overloaded`, `validation_failed`.
     */
    create(body, options) {
        return this.call(createTier(body), options);
    }
    /**
     * List tiers.
     *
     * For administrators.
     *
     * @param query Filters, and the part of the list.
     * @returns A page of tiers. Iterate over the call for all entries.
     * @throws {ApiError} `insufficient_scope`, `invalid_token`, `missing_token`, `session_ended`, `token_expired`,
     * `database_unavailable`, `rate_limited`, `too_many_in_flight`, `expectation_failed`, `internal_error`,
     * `overloaded`, `validation_failed`.
     */
    list(query = {}, options) {
        return this.pages(listTiers(), query, options);
    }
    /**
     * Get your tier.
     *
     * The rights that your account has for its images.
     *
     * @returns The tier.
     * @throws {ApiError} `insufficient_scope`, `invalid_token`, `missing_token`, `session_ended`, `token_expired`,
     * `database_unavailable`, `rate_limited`, `too_many_in_flight`, `expectation_failed`, `internal_error`,
     * `overloaded`, `validation_failed`.
     */
    getOwn(options) {
        return this.call(getOwnTier(), options);
    }
    /**
     * Get a tier.
     *
     * For administrators.
     *
     * @param name The name of the tier.
     * @returns The tier.
     * @throws {ApiError} `tier_not_found`, `not_found`, `malformed_request`, `insufficient_scope`, `invalid_token`,
     * `missing_token`, `session_ended`, `token_expired`, `database_unavailable`, `rate_limited`,
     * `too_many_in_flight`, `expectation_failed`, `internal_error`, `overloaded`, `validation_failed`.
     */
    get(name, options) {
        return this.call(getTier(name), options);
    }
    /**
     * Update a tier.
     *
     * For administrators. Takes effect at once, also for images that were uploaded before: thumbnails of a new
     * height are made when they are first read.
     *
     * @param name The name of the tier.
     * @param body The members of a tier to change. Changes take effect at once.
     * @returns The tier.
     * @throws {ApiError} `tier_not_found`, `not_found`, `body_too_large`, `outcome_unknown`, `malformed_json`,
     * `request_timeout`, `unsupported_content_encoding`, `unsupported_media_type`, `malformed_request`,
     * `insufficient_scope`, `invalid_token`, `missing_token`, `session_ended`, `token_expired`,
     * `database_unavailable`, `rate_limited`, `too_many_in_flight`, `expectation_failed`, `internal_error`,
     * `overloaded`, `validation_failed`.
     */
    update(name, body, options) {
        return this.call(updateTier(name, body), options);
    }
    /**
     * Delete a tier.
     *
     * For administrators. A tier that accounts have, or that came with Tally, cannot be deleted.
     *
     * @param name The name of the tier.
     * @returns The tier is deleted.
     * @throws {ApiError} `tier_built_in`, `tier_in_use`, `tier_not_found`, `not_found`, `body_too_large`,
     * `outcome_unknown`, `malformed_json`, `request_timeout`, `unsupported_content_encoding`,
     * `unsupported_media_type`, `malformed_request`, `insufficient_scope`, `invalid_token`, `missing_token`,
     * `session_ended`, `token_expired`, `database_unavailable`, `rate_limited`, `too_many_in_flight`,
     * `expectation_failed`, `internal_error`, `overloaded`, `validation_failed`.
     */
    delete(name, options) {
        return this.call(deleteTier(name), options);
    }
}
