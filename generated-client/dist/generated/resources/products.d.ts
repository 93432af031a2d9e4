import type { ListProductsQuery } from '../models/ListProductsQuery.js';
import type { ListStockMovementsQuery } from '../models/ListStockMovementsQuery.js';
import type { NewProduct } from '../models/NewProduct.js';
import type { Product } from '../models/Product.js';
import type { ProductChanges } from '../models/ProductChanges.js';
import type { ProductPage } from '../models/ProductPage.js';
import type { StockChange } from '../models/StockChange.js';
import type { StockMovement } from '../models/StockMovement.js';
import type { StockMovementPage } from '../models/StockMovementPage.js';
import { Resource, type Call, type IdempotentOptions, type PageCall, type CallOptions, type ConditionalOptions } from '../../resource.js';
/** The operations of `products`. */
export declare class ProductsResource extends Resource {
    /**
     * Create a product.
     *
     * For administrators.
     *
     * @param body A product to create.
     * @returns The product.
     * @throws {ApiError} `sku_taken`, `idempotency_in_progress`, `idempotency_key_reused`, `body_too_large`,
     * `outcome_unknown`, `malformed_json`, `request_timeout`, `unsupported_content_encoding`,
     * `unsupported_media_type`, `malformed_request`, `insufficient_scope`, `invalid_token`, `missing_token`,
     * `session_ended`, `token_expired`, `database_unavailable`, `rate_limited`, `too_many_in_flight`,
     * `expectation_failed`, `internal_error`, `overloaded`, `validation_failed`.
     */
    create(body: NewProduct, options?: IdempotentOptions): Call<Product>;
    /**
     * List products.
     *
     * Products that pass all filters. A page past the last is empty. Searches ignore case and accents. If very many
     * products match the words, only the first of them are searched, and `count` counts those found.
     *
     * @param query Filters, and the part of the list.
     * @returns A page of products. Iterate over the call for all entries.
     * @throws {ApiError} `database_unavailable`, `rate_limited`, `too_many_in_flight`, `expectation_failed`,
     * `internal_error`, `overloaded`, `validation_failed`.
     */
    list(query?: ListProductsQuery, options?: CallOptions): PageCall<ProductPage, Product>;
    /**
     * Get a product.
     *
     * Answers 304 if `If-None-Match` has the `ETag` of the product.
     *
     * @param id The product.
     * @returns The product.
     * @throws {ApiError} `product_not_found`, `not_found`, `malformed_request`, `database_unavailable`,
     * `rate_limited`, `too_many_in_flight`, `expectation_failed`, `internal_error`, `overloaded`,
     * `validation_failed`.
     */
    get(id: string, options?: CallOptions): Call<Product>;
    /**
     * Update a product.
     *
     * For administrators. `If-Match` must have the `ETag` of the version that you update; the stock may have changed
     * since.
     *
     * @param product As you know it: its `etag` is sent as `If-Match`, so that a later change of somebody else is
     * not lost. An id alone updates any version.
     * @param body The members of a product to change. To change the stock, call `moveStock`.
     * @returns The updated product.
     * @throws {ApiError} `precondition_failed`, `precondition_required`, `sku_taken`, `product_not_found`,
     * `not_found`, `body_too_large`, `outcome_unknown`, `malformed_json`, `request_timeout`,
     * `unsupported_content_encoding`, `unsupported_media_type`, `malformed_request`, `insufficient_scope`,
     * `invalid_token`, `missing_token`, `session_ended`, `token_expired`, `database_unavailable`, `rate_limited`,
     * `too_many_in_flight`, `expectation_failed`, `internal_error`, `overloaded`, `validation_failed`.
     */
    update(product: Product | string, body: ProductChanges, options?: ConditionalOptions): Call<Product>;
    /**
     * Delete a product.
     *
     * For administrators. Orders keep its name and price, and the ledger its movements.
     *
     * @param id The id.
     * @returns The product is deleted.
     * @throws {ApiError} `product_not_found`, `not_found`, `body_too_large`, `outcome_unknown`, `malformed_json`,
     * `request_timeout`, `unsupported_content_encoding`, `unsupported_media_type`, `malformed_request`,
     * `insufficient_scope`, `invalid_token`, `missing_token`, `session_ended`, `token_expired`,
     * `database_unavailable`, `rate_limited`, `too_many_in_flight`, `expectation_failed`, `internal_error`,
     * `overloaded`, `validation_failed`.
     */
    delete(id: string, options?: CallOptions): Call<void>;
    /**
     * Move stock.
     *
     * For administrators. Adds or removes units, and records that in the ledger.
     *
     * @param id The product.
     * @param body A movement of stock other than by an order.
     * @returns The product with its new stock.
     * @throws {ApiError} `insufficient_stock`, `product_not_found`, `idempotency_in_progress`,
     * `idempotency_key_reused`, `not_found`, `body_too_large`, `outcome_unknown`, `malformed_json`,
     * `request_timeout`, `unsupported_content_encoding`, `unsupported_media_type`, `malformed_request`,
     * `insufficient_scope`, `invalid_token`, `missing_token`, `session_ended`, `token_expired`,
     * `database_unavailable`, `rate_limited`, `too_many_in_flight`, `expectation_failed`, `internal_error`,
     * `overloaded`, `validation_failed`.
     */
    moveStock(id: string, body: StockChange, options?: IdempotentOptions): Call<Product>;
    /**
     * List stock movements.
     *
     * For administrators. All movements of the stock of a product, even of a deleted one; the deltas add up to its
     * stock.
     *
     * @param id The product.
     * @param query Filters, and the part of the list.
     * @returns A page of the ledger. Iterate over the call for all entries.
     * @throws {ApiError} `not_found`, `malformed_request`, `insufficient_scope`, `invalid_token`, `missing_token`,
     * `session_ended`, `token_expired`, `database_unavailable`, `rate_limited`, `too_many_in_flight`,
     * `expectation_failed`, `internal_error`, `overloaded`, `validation_failed`.
     */
    listStockMovements(id: string, query?: ListStockMovementsQuery, options?: CallOptions): PageCall<StockMovementPage, StockMovement>;
}
