import { listCurrentPromotions, createPromotion, listPromotions, getPromotion, updatePromotion, deletePromotion, } from '../operations/promotions.js';
import { Resource } from '../../resource.js';
/** The operations of `promotions`. */
export class PromotionsResource extends Resource {
    /**
     * List current promotions.
     *
     * The promotions that now reduce each of your orders that meets their conditions, without a promo code. The
     * newest first.
     *
     * @param query Filters, and the part of the list.
     * @returns A page of promotions. Iterate over the call for all entries.
     * @throws {ApiError} `insufficient_scope`, `invalid_token`, `missing_token`, `session_ended`, `token_expired`,
     * `database_unavailable`, `rate_limited`, `too_many_in_flight`, `expectation_failed`, `internal_error`,
     * `overloaded`, `validation_failed`.
     */
    listCurrent(query = {}, options) {
        return this.pages(listCurrentPromotions(), query, options);
    }
    /**
     * Create a promotion.
     *
     * For administrators. A `percentage` promotion takes a percentage off, a `fixed` one an amount, and
     * `buy_x_get_y` makes the cheapest units of each complete set free. A promotion without a promo code applies to
     * all orders that meet its conditions.
     *
     * @param body A promotion to create. Conditions that are left out, or null, do not restrict it.
     * @returns The promotion.
     * @throws {ApiError} `promo_code_taken`, `idempotency_in_progress`, `idempotency_key_reused`, `body_too_large`,
     * `outcome_unknown`, `malformed_json`, `request_timeout`, `unsupported_content_encoding`,
     * `unsupported_media_type`, `malformed_request`, `insufficient_scope`, `invalid_token`, `missing_token`,
     * `session_ended`, `token_expired`, `database_unavailable`, `rate_limited`, `too_many_in_flight`,
     * `expectation_failed`, `internal_error`, `overloaded`, `validation_failed`.
     */
    create(body, options) {
        return this.call(createPromotion(body), options);
    }
    /**
     * List promotions.
     *
     * For administrators. The newest first.
     *
     * @param query Filters, and the part of the list.
     * @returns A page of promotions. Iterate over the call for all entries.
     * @throws {ApiError} `insufficient_scope`, `invalid_token`, `missing_token`, `session_ended`, `token_expired`,
     * `database_unavailable`, `rate_limited`, `too_many_in_flight`, `expectation_failed`, `internal_error`,
     * `overloaded`, `validation_failed`.
     */
    list(query = {}, options) {
        return this.pages(listPromotions(), query, options);
    }
    /**
     * Get a promotion.
     *
     * For administrators.
     *
     * @param id The id.
     * @returns The promotion.
     * @throws {ApiError} `promotion_not_found`, `not_found`, `malformed_request`, `insufficient_scope`,
     * `invalid_token`, `missing_token`, `session_ended`, `token_expired`, `database_unavailable`, `rate_limited`,
     * `too_many_in_flight`, `expectation_failed`, `internal_error`, `overloaded`, `validation_failed`.
     */
    get(id, options) {
        return this.call(getPromotion(id), options);
    }
    /**
     * Update a promotion.
     *
     * For administrators. Orders that were placed with it do not change.
     *
     * @param id The id.
     * @param body The members of a promotion to change. Its type cannot change.
     * @returns The updated promotion.
     * @throws {ApiError} `promo_code_taken`, `promotion_not_found`, `not_found`, `body_too_large`,
     * `outcome_unknown`, `malformed_json`, `request_timeout`, `unsupported_content_encoding`,
     * `unsupported_media_type`, `malformed_request`, `insufficient_scope`, `invalid_token`, `missing_token`,
     * `session_ended`, `token_expired`, `database_unavailable`, `rate_limited`, `too_many_in_flight`,
     * `expectation_failed`, `internal_error`, `overloaded`, `validation_failed`.
     */
    update(id, body, options) {
        return this.call(updatePromotion(id, body), options);
    }
    /**
     * Delete a promotion.
     *
     * For administrators. Orders that were placed with it do not change.
     *
     * @param id The id.
     * @returns The promotion is deleted.
     * @throws {ApiError} `promotion_not_found`, `not_found`, `body_too_large`, `outcome_unknown`, `malformed_json`,
     * `request_timeout`, `unsupported_content_encoding`, `unsupported_media_type`, `malformed_request`,
     * `insufficient_scope`, `invalid_token`, `missing_token`, `session_ended`, `token_expired`,
     * `database_unavailable`, `rate_limited`, `too_many_in_flight`, `expectation_failed`, `internal_error`,
     * `overloaded`, `validation_failed`.
     */
    delete(id, options) {
        return this.call(deletePromotion(id), options);
    }
}
