// Generated from openapi.json by scripts/generate-client. Do not edit: change the schema of the route, and run it again.
import type { ListOrdersQuery } from '../models/ListOrdersQuery.js';
import type { Order } from '../models/Order.js';
import type { OrderPage } from '../models/OrderPage.js';
import type { OrderQuote } from '../models/OrderQuote.js';
import type { OrderRequest } from '../models/OrderRequest.js';
import type { OrderStatusChange } from '../models/OrderStatusChange.js';
import {
  quoteOrder,
  placeOrder,
  listOrders,
  getOrder,
  cancelOrder,
  updateOrderStatus,
} from '../operations/orders.js';
import { Resource, type Call, type CallOptions, type IdempotentOptions, type PageCall } from '../../resource.js';

/** The operations of `orders`. */
export class OrdersResource extends Resource {
  /**
   * Quote an order.
   *
   * Returns the prices of an order, or refuses it, without placing it.
   *
   * @param body An order to place or to quote.
   * @returns The prices of the order.
   * @throws {ApiError} `mixed_currencies`, `promo_code_not_applicable`, `promo_code_used_up`, `unknown_product`,
   * `unknown_promo_code`, `insufficient_stock`, `body_too_large`, `outcome_unknown`, `malformed_json`,
   * `request_timeout`, `unsupported_content_encoding`, `unsupported_media_type`, `malformed_request`,
   * `insufficient_scope`, `invalid_token`, `missing_token`, `session_ended`, `token_expired`,
   * `database_unavailable`, `rate_limited`, `too_many_in_flight`, `expectation_failed`, `internal_error`,
   * `overloaded`, `validation_failed`.
   */
  quote(body: OrderRequest, options?: CallOptions): Call<OrderQuote> {
    return this.call(quoteOrder(body), options);
  }

  /**
   * Place an order.
   *
   * Orders all products, or none. The order keeps their names and prices as they are now. With an
   * `Idempotency-Key`, the request can be repeated, for instance after a lost response: it orders once.
   *
   * @param body An order to place or to quote.
   * @returns The order.
   * @throws {ApiError} `mixed_currencies`, `promo_code_not_applicable`, `promo_code_used_up`, `unknown_product`,
   * `unknown_promo_code`, `insufficient_stock`, `idempotency_in_progress`, `idempotency_key_reused`,
   * `body_too_large`, `outcome_unknown`, `malformed_json`, `request_timeout`, `unsupported_content_encoding`,
   * `unsupported_media_type`, `malformed_request`, `insufficient_scope`, `invalid_token`, `missing_token`,
   * `session_ended`, `token_expired`, `database_unavailable`, `rate_limited`, `too_many_in_flight`,
   * `expectation_failed`, `internal_error`, `overloaded`, `validation_failed`.
   */
  place(body: OrderRequest, options?: IdempotentOptions): Call<Order> {
    return this.call(placeOrder(body), options);
  }

  /**
   * List orders.
   *
   * Your orders, the newest first. Administrators can list those of all users.
   *
   * @param query Filters, and the part of the list.
   * @returns A page of orders. Iterate over the call for all entries.
   * @throws {ApiError} `insufficient_scope`, `invalid_token`, `missing_token`, `session_ended`, `token_expired`,
   * `database_unavailable`, `rate_limited`, `too_many_in_flight`, `expectation_failed`, `internal_error`,
   * `overloaded`, `validation_failed`.
   */
  list(query: ListOrdersQuery = {}, options?: CallOptions): PageCall<OrderPage, Order> {
    return this.pages(listOrders(), query, options);
  }

  /**
   * Get an order.
   *
   * One of your orders; administrators can get any.
   *
   * @param id The id.
   * @returns The order.
   * @throws {ApiError} `order_not_found`, `not_found`, `malformed_request`, `insufficient_scope`, `invalid_token`,
   * `missing_token`, `session_ended`, `token_expired`, `database_unavailable`, `rate_limited`,
   * `too_many_in_flight`, `expectation_failed`, `internal_error`, `overloaded`, `validation_failed`.
   */
  get(id: string, options?: CallOptions): Call<Order> {
    return this.call(getOrder(id), options);
  }

  /**
   * Cancel an order.
   *
   * One of your orders that has not been shipped. Its units return to the stock, once, however often you call
   * this.
   *
   * @param id The id.
   * @returns The cancelled order.
   * @throws {ApiError} `invalid_transition`, `order_not_found`, `not_found`, `body_too_large`, `outcome_unknown`,
   * `malformed_json`, `request_timeout`, `unsupported_content_encoding`, `unsupported_media_type`,
   * `malformed_request`, `insufficient_scope`, `invalid_token`, `missing_token`, `session_ended`, `token_expired`,
   * `database_unavailable`, `rate_limited`, `too_many_in_flight`, `expectation_failed`, `internal_error`,
   * `overloaded`, `validation_failed`.
   */
  cancel(id: string, options?: CallOptions): Call<Order> {
    return this.call(cancelOrder(id), options);
  }

  /**
   * Update the status of an order.
   *
   * For administrators. A placed order can become paid, then shipped, then delivered; before it is shipped, it can
   * be cancelled.
   *
   * @param id The id.
   * @param body The new status of an order.
   * @returns The order.
   * @throws {ApiError} `invalid_transition`, `order_not_found`, `idempotency_in_progress`,
   * `idempotency_key_reused`, `not_found`, `body_too_large`, `outcome_unknown`, `malformed_json`,
   * `request_timeout`, `unsupported_content_encoding`, `unsupported_media_type`, `malformed_request`,
   * `insufficient_scope`, `invalid_token`, `missing_token`, `session_ended`, `token_expired`,
   * `database_unavailable`, `rate_limited`, `too_many_in_flight`, `expectation_failed`, `internal_error`,
   * `overloaded`, `validation_failed`.
   */
  updateStatus(id: string, body: OrderStatusChange, options?: IdempotentOptions): Call<Order> {
    return this.call(updateOrderStatus(id, body), options);
  }
}
