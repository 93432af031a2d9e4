import type { CurrentPromotion } from '../models/CurrentPromotion.js';
import type { CurrentPromotionPage } from '../models/CurrentPromotionPage.js';
import type { ListCurrentPromotionsQuery } from '../models/ListCurrentPromotionsQuery.js';
import type { ListPromotionsQuery } from '../models/ListPromotionsQuery.js';
import type { NewPromotion } from '../models/NewPromotion.js';
import type { Promotion } from '../models/Promotion.js';
import type { PromotionChanges } from '../models/PromotionChanges.js';
import type { PromotionPage } from '../models/PromotionPage.js';
import { Resource, type PageCall, type CallOptions, type Call, type IdempotentOptions } from '../../resource.js';
/** The operations of `promotions`. */
export declare class PromotionsResource extends Resource {
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
    listCurrent(query?: ListCurrentPromotionsQuery, options?: CallOptions): PageCall<CurrentPromotionPage, CurrentPromotion>;
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
    create(body: NewPromotion, options?: IdempotentOptions): Call<Promotion>;
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
    list(query?: ListPromotionsQuery, options?: CallOptions): PageCall<PromotionPage, Promotion>;
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
    get(id: string, options?: CallOptions): Call<Promotion>;
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
    update(id: string, body: PromotionChanges, options?: CallOptions): Call<Promotion>;
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
    delete(id: string, options?: CallOptions): Call<void>;
}
