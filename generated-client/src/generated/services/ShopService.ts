// Generated from openapi.json by scripts/generate-client. Do not edit: change the schema of the route, and run it again.
import type { NewProduct } from '../models/NewProduct.js';
import type { NewPromotion } from '../models/NewPromotion.js';
import type { Order } from '../models/Order.js';
import type { OrderPage } from '../models/OrderPage.js';
import type { OrderQuote } from '../models/OrderQuote.js';
import type { OrderRequest } from '../models/OrderRequest.js';
import type { Product } from '../models/Product.js';
import type { ProductChanges } from '../models/ProductChanges.js';
import type { ProductPage } from '../models/ProductPage.js';
import type { Promotion } from '../models/Promotion.js';
import type { PromotionChanges } from '../models/PromotionChanges.js';
import type { PromotionPage } from '../models/PromotionPage.js';
import type { StatusChange } from '../models/StatusChange.js';
import type { StockChange } from '../models/StockChange.js';
import type { StockMovementPage } from '../models/StockMovementPage.js';
import type { CancelablePromise } from '../core/CancelablePromise.js';
import type { BaseHttpRequest } from '../core/BaseHttpRequest.js';
export class ShopService {
  public readonly httpRequest: BaseHttpRequest;

  constructor(httpRequest: BaseHttpRequest) {
    this.httpRequest = httpRequest;
  }
  /**
   * List products
   * Products that pass all of the filters. A page past the last is empty. The words of a search are compared regardless of case and accents. A search of words that very many products have finds the first of them alone, and `count` counts those.
   * @returns ProductPage A page of products.
   * @throws ApiError
   */
  public listProducts({
    page = 1,
    limit = 50,
    minPrice,
    maxPrice,
    minStock,
    maxStock,
    inStock,
    category,
    search,
    ordering = '-created',
  }: {
    /**
     * From 1.
     */
    page?: number,
    /**
     * Entries in a page.
     */
    limit?: number,
    /**
     * In minor units.
     */
    minPrice?: number,
    /**
     * In minor units.
     */
    maxPrice?: number,
    /**
     * Units.
     */
    minStock?: number,
    /**
     * Units.
     */
    maxStock?: number,
    /**
     * Only products that are in stock, or only those that are not.
     */
    inStock?: boolean,
    /**
     * Only products of this category.
     */
    category?: string,
    /**
     * Words, or their beginnings, that the name or description has, in any order.
     */
    search?: string,
    /**
     * What comes first; a minus turns it round. Among equals, the lower id.
     */
    ordering?: 'name' | '-name' | 'price' | '-price' | 'quantity_in_stock' | '-quantity_in_stock' | 'created' | '-created',
  }): CancelablePromise<ProductPage> {
    return this.httpRequest.request({
      method: 'GET',
      url: '/products',
      query: {
        'page': page,
        'limit': limit,
        'min_price': minPrice,
        'max_price': maxPrice,
        'min_stock': minStock,
        'max_stock': maxStock,
        'in_stock': inStock,
        'category': category,
        'search': search,
        'ordering': ordering,
      },
      errors: {
        400: `\`validation_failed\`: The request breaks the rules named in "errors".`,
        417: `\`expectation_failed\`: Remove the Expect header; only "Expect: 100-continue" is supported.`,
        500: `\`internal_error\`: The server failed. The log has the reason under the request id.`,
        503: `\`database_unavailable\`: The database does not answer. Try again after Retry-After seconds.
        \`overloaded\`: The server is busy. Try again after Retry-After seconds.`,
      },
    });
  }
  /**
   * Add a product
   * For administrators.
   * @returns Product The product.
   * @throws ApiError
   */
  public addProduct({
    requestBody,
    idempotencyKey,
  }: {
    requestBody: NewProduct,
    /**
     * Any text that you use for this request alone, such as a random UUID. With it, the request can be repeated, also after a lost answer: it takes effect once, and is answered the same.
     */
    idempotencyKey?: string,
  }): CancelablePromise<Product> {
    return this.httpRequest.request({
      method: 'POST',
      url: '/products',
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
        409: `\`sku_taken\`: Another product has this SKU.
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
   * Get a product
   * Answers 304 where If-None-Match has its ETag.
   * @returns Product The product.
   * @throws ApiError
   */
  public getProduct({
    id,
  }: {
    /**
     * The id.
     */
    id: string,
  }): CancelablePromise<Product> {
    return this.httpRequest.request({
      method: 'GET',
      url: '/products/{id}',
      path: {
        'id': id,
      },
      errors: {
        304: `You have it as it is.`,
        400: `\`validation_failed\`: The request breaks the rules named in "errors".`,
        404: `\`product_not_found\`: There is no product with this id.`,
        417: `\`expectation_failed\`: Remove the Expect header; only "Expect: 100-continue" is supported.`,
        500: `\`internal_error\`: The server failed. The log has the reason under the request id.`,
        503: `\`database_unavailable\`: The database does not answer. Try again after Retry-After seconds.
        \`overloaded\`: The server is busy. Try again after Retry-After seconds.`,
      },
    });
  }
  /**
   * Change a product
   * For administrators. `If-Match` says which version is changed; the stock may have moved since.
   * @returns Product The product as it is now.
   * @throws ApiError
   */
  public changeProduct({
    id,
    requestBody,
    ifMatch,
  }: {
    /**
     * The id.
     */
    id: string,
    requestBody: ProductChanges,
    /**
     * The ETag of the product as you know it.
     */
    ifMatch?: string,
  }): CancelablePromise<Product> {
    return this.httpRequest.request({
      method: 'PATCH',
      url: '/products/{id}',
      path: {
        'id': id,
      },
      headers: {
        'if-match': ifMatch,
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
        404: `\`product_not_found\`: There is no product with this id.`,
        408: `\`request_timeout\`: The request did not arrive in time.`,
        409: `\`sku_taken\`: Another product has this SKU.`,
        412: `\`precondition_failed\`: The product was changed meanwhile. Get it again, and send its new ETag.`,
        413: `\`body_too_large\`: The body is larger than this route accepts.`,
        415: `\`unsupported_media_type\`: Send the body as application/json.
        \`unsupported_content_encoding\`: This route does not decode that Content-Encoding.`,
        417: `\`expectation_failed\`: Remove the Expect header; only "Expect: 100-continue" is supported.`,
        428: `\`precondition_required\`: Send the ETag of the product that you change as If-Match.`,
        500: `\`internal_error\`: The server failed. The log has the reason under the request id.`,
        503: `\`database_unavailable\`: The database does not answer. Try again after Retry-After seconds.
        \`overloaded\`: The server is busy. Try again after Retry-After seconds.`,
      },
    });
  }
  /**
   * Remove a product
   * For administrators. It leaves the catalogue; orders keep what they say of it.
   * @returns void
   * @throws ApiError
   */
  public removeProduct({
    id,
  }: {
    /**
     * The id.
     */
    id: string,
  }): CancelablePromise<void> {
    return this.httpRequest.request({
      method: 'DELETE',
      url: '/products/{id}',
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
        404: `\`product_not_found\`: There is no product with this id.`,
        417: `\`expectation_failed\`: Remove the Expect header; only "Expect: 100-continue" is supported.`,
        500: `\`internal_error\`: The server failed. The log has the reason under the request id.`,
        503: `\`database_unavailable\`: The database does not answer. Try again after Retry-After seconds.
        \`overloaded\`: The server is busy. Try again after Retry-After seconds.`,
      },
    });
  }
  /**
   * Move stock
   * For administrators. Adds units, or takes them away, and says so in the ledger.
   * @returns Product The product with its new stock.
   * @throws ApiError
   */
  public moveStock({
    id,
    requestBody,
    idempotencyKey,
  }: {
    /**
     * The id.
     */
    id: string,
    requestBody: StockChange,
    /**
     * Any text that you use for this request alone, such as a random UUID. With it, the request can be repeated, also after a lost answer: it takes effect once, and is answered the same.
     */
    idempotencyKey?: string,
  }): CancelablePromise<Product> {
    return this.httpRequest.request({
      method: 'POST',
      url: '/products/{id}/stock',
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
        \`validation_failed\`: The request breaks the rules named in "errors".
        \`insufficient_stock\`: There is less in stock than is asked for; "shortages" says of what. Nothing was taken.`,
        401: `\`missing_token\`: Send a token as "Authorization: Bearer <token>"; POST /auth issues one.
        \`invalid_token\`: The token is not valid here. Get a new one from POST /auth or POST /accounts/login.
        \`token_expired\`: The token has expired. Get a new one.
        \`session_ended\`: The session of the token has ended. Sign in again.`,
        403: `\`insufficient_scope\`: The token lacks a scope.`,
        404: `\`product_not_found\`: There is no product with this id.`,
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
   * List stock movements
   * For administrators. All that ever moved the stock of a product, also of one that is gone; the deltas add up to its stock.
   * @returns StockMovementPage A page of the ledger.
   * @throws ApiError
   */
  public listStockMovements({
    id,
    page = 1,
    limit = 50,
  }: {
    /**
     * The id.
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
  }): CancelablePromise<StockMovementPage> {
    return this.httpRequest.request({
      method: 'GET',
      url: '/products/{id}/stock',
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
        404: `\`not_found\`: There is nothing at this path.`,
        417: `\`expectation_failed\`: Remove the Expect header; only "Expect: 100-continue" is supported.`,
        500: `\`internal_error\`: The server failed. The log has the reason under the request id.`,
        503: `\`database_unavailable\`: The database does not answer. Try again after Retry-After seconds.
        \`overloaded\`: The server is busy. Try again after Retry-After seconds.`,
      },
    });
  }
  /**
   * List special offers
   * For administrators. The newest first.
   * @returns PromotionPage A page of special offers.
   * @throws ApiError
   */
  public listPromotions({
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
  }): CancelablePromise<PromotionPage> {
    return this.httpRequest.request({
      method: 'GET',
      url: '/promotions',
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
   * Add a special offer
   * For administrators. A `percentage` takes its share off, a `fixed` one an amount, `buy_x_get_y` gives the cheapest units of each whole set away. One without a code counts for all orders that meet its conditions.
   * @returns Promotion The special offer.
   * @throws ApiError
   */
  public addPromotion({
    requestBody,
    idempotencyKey,
  }: {
    requestBody: NewPromotion,
    /**
     * Any text that you use for this request alone, such as a random UUID. With it, the request can be repeated, also after a lost answer: it takes effect once, and is answered the same.
     */
    idempotencyKey?: string,
  }): CancelablePromise<Promotion> {
    return this.httpRequest.request({
      method: 'POST',
      url: '/promotions',
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
        409: `\`code_taken\`: Another special offer has this code.
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
   * Get a special offer
   * For administrators.
   * @returns Promotion The special offer.
   * @throws ApiError
   */
  public getPromotion({
    id,
  }: {
    /**
     * The id.
     */
    id: string,
  }): CancelablePromise<Promotion> {
    return this.httpRequest.request({
      method: 'GET',
      url: '/promotions/{id}',
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
        404: `\`promotion_not_found\`: There is no special offer with this id.`,
        417: `\`expectation_failed\`: Remove the Expect header; only "Expect: 100-continue" is supported.`,
        500: `\`internal_error\`: The server failed. The log has the reason under the request id.`,
        503: `\`database_unavailable\`: The database does not answer. Try again after Retry-After seconds.
        \`overloaded\`: The server is busy. Try again after Retry-After seconds.`,
      },
    });
  }
  /**
   * Change a special offer
   * For administrators. Orders that have it stay as they are.
   * @returns Promotion The special offer.
   * @throws ApiError
   */
  public changePromotion({
    id,
    requestBody,
  }: {
    /**
     * The id.
     */
    id: string,
    requestBody: PromotionChanges,
  }): CancelablePromise<Promotion> {
    return this.httpRequest.request({
      method: 'PATCH',
      url: '/promotions/{id}',
      path: {
        'id': id,
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
        404: `\`promotion_not_found\`: There is no special offer with this id.`,
        408: `\`request_timeout\`: The request did not arrive in time.`,
        409: `\`code_taken\`: Another special offer has this code.`,
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
   * Remove a special offer
   * For administrators. Orders that have it stay as they are.
   * @returns void
   * @throws ApiError
   */
  public removePromotion({
    id,
  }: {
    /**
     * The id.
     */
    id: string,
  }): CancelablePromise<void> {
    return this.httpRequest.request({
      method: 'DELETE',
      url: '/promotions/{id}',
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
        404: `\`promotion_not_found\`: There is no special offer with this id.`,
        417: `\`expectation_failed\`: Remove the Expect header; only "Expect: 100-continue" is supported.`,
        500: `\`internal_error\`: The server failed. The log has the reason under the request id.`,
        503: `\`database_unavailable\`: The database does not answer. Try again after Retry-After seconds.
        \`overloaded\`: The server is busy. Try again after Retry-After seconds.`,
      },
    });
  }
  /**
   * Place an order
   * Takes all of what is asked for, or nothing. The order keeps names and prices as they are now. With `Idempotency-Key`, the request can be repeated, also after a lost answer: it orders once.
   * @returns Order The order.
   * @throws ApiError
   */
  public placeOrder({
    requestBody,
    idempotencyKey,
  }: {
    requestBody: OrderRequest,
    /**
     * Any text that you use for this request alone, such as a random UUID. With it, the request can be repeated, also after a lost answer: it takes effect once, and is answered the same.
     */
    idempotencyKey?: string,
  }): CancelablePromise<Order> {
    return this.httpRequest.request({
      method: 'POST',
      url: '/orders',
      headers: {
        'idempotency-key': idempotencyKey,
      },
      body: requestBody,
      mediaType: 'application/json',
      errors: {
        400: `\`malformed_request\`: This is not a valid HTTP request.
        \`malformed_json\`: The body is not valid JSON.
        \`validation_failed\`: The request breaks the rules named in "errors".
        \`unknown_product\`: The catalogue has no such product; "errors" says which.
        \`insufficient_stock\`: There is less in stock than is asked for; "shortages" says of what. Nothing was taken.
        \`mixed_currencies\`: The products of one order must have one currency.
        \`unknown_promo_code\`: There is no special offer with this code now.
        \`promo_code_used_up\`: This code has been used as often as it may be, by all or by you.
        \`promo_code_not_applicable\`: The order does not meet the conditions of this code.`,
        401: `\`missing_token\`: Send a token as "Authorization: Bearer <token>"; POST /auth issues one.
        \`invalid_token\`: The token is not valid here. Get a new one from POST /auth or POST /accounts/login.
        \`token_expired\`: The token has expired. Get a new one.
        \`session_ended\`: The session of the token has ended. Sign in again.`,
        403: `\`insufficient_scope\`: The token lacks a scope.`,
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
   * List orders
   * Your own, the newest first. Administrators can list those of everyone.
   * @returns OrderPage A page of orders.
   * @throws ApiError
   */
  public listOrders({
    page = 1,
    limit = 50,
    status,
    all = false,
  }: {
    /**
     * From 1.
     */
    page?: number,
    /**
     * Entries in a page.
     */
    limit?: number,
    /**
     * How far it is.
     */
    status?: 'placed' | 'paid' | 'shipped' | 'delivered' | 'cancelled',
    /**
     * Those of everyone; for administrators.
     */
    all?: boolean,
  }): CancelablePromise<OrderPage> {
    return this.httpRequest.request({
      method: 'GET',
      url: '/orders',
      query: {
        'page': page,
        'limit': limit,
        'status': status,
        'all': all,
      },
      errors: {
        400: `\`validation_failed\`: The request breaks the rules named in "errors".`,
        401: `\`missing_token\`: Send a token as "Authorization: Bearer <token>"; POST /auth issues one.
        \`invalid_token\`: The token is not valid here. Get a new one from POST /auth or POST /accounts/login.
        \`token_expired\`: The token has expired. Get a new one.
        \`session_ended\`: The session of the token has ended. Sign in again.`,
        403: `\`insufficient_scope\`: The token lacks a scope.
        \`administrators_only\`: Only administrators may see the orders of everyone.`,
        417: `\`expectation_failed\`: Remove the Expect header; only "Expect: 100-continue" is supported.`,
        500: `\`internal_error\`: The server failed. The log has the reason under the request id.`,
        503: `\`database_unavailable\`: The database does not answer. Try again after Retry-After seconds.
        \`overloaded\`: The server is busy. Try again after Retry-After seconds.`,
      },
    });
  }
  /**
   * Ask what an order would be
   * The same answer as that of an order, and the same refusals. Nothing is taken.
   * @returns OrderQuote The order as it would be.
   * @throws ApiError
   */
  public quoteOrder({
    requestBody,
  }: {
    requestBody: OrderRequest,
  }): CancelablePromise<OrderQuote> {
    return this.httpRequest.request({
      method: 'POST',
      url: '/orders/quote',
      body: requestBody,
      mediaType: 'application/json',
      errors: {
        400: `\`malformed_request\`: This is not a valid HTTP request.
        \`malformed_json\`: The body is not valid JSON.
        \`validation_failed\`: The request breaks the rules named in "errors".
        \`unknown_product\`: The catalogue has no such product; "errors" says which.
        \`insufficient_stock\`: There is less in stock than is asked for; "shortages" says of what. Nothing was taken.
        \`mixed_currencies\`: The products of one order must have one currency.
        \`unknown_promo_code\`: There is no special offer with this code now.
        \`promo_code_used_up\`: This code has been used as often as it may be, by all or by you.
        \`promo_code_not_applicable\`: The order does not meet the conditions of this code.`,
        401: `\`missing_token\`: Send a token as "Authorization: Bearer <token>"; POST /auth issues one.
        \`invalid_token\`: The token is not valid here. Get a new one from POST /auth or POST /accounts/login.
        \`token_expired\`: The token has expired. Get a new one.
        \`session_ended\`: The session of the token has ended. Sign in again.`,
        403: `\`insufficient_scope\`: The token lacks a scope.`,
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
   * Get an order
   * One of your own; administrators get any.
   * @returns Order The order.
   * @throws ApiError
   */
  public getOrder({
    id,
  }: {
    /**
     * The id.
     */
    id: string,
  }): CancelablePromise<Order> {
    return this.httpRequest.request({
      method: 'GET',
      url: '/orders/{id}',
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
        404: `\`order_not_found\`: You have no order with this id.`,
        417: `\`expectation_failed\`: Remove the Expect header; only "Expect: 100-continue" is supported.`,
        500: `\`internal_error\`: The server failed. The log has the reason under the request id.`,
        503: `\`database_unavailable\`: The database does not answer. Try again after Retry-After seconds.
        \`overloaded\`: The server is busy. Try again after Retry-After seconds.`,
      },
    });
  }
  /**
   * Cancel an order
   * One of your own that has not been shipped. What it took goes back into stock, once, however often this is called.
   * @returns Order The cancelled order.
   * @throws ApiError
   */
  public cancelOrder({
    id,
  }: {
    /**
     * The id.
     */
    id: string,
  }): CancelablePromise<Order> {
    return this.httpRequest.request({
      method: 'POST',
      url: '/orders/{id}/cancel',
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
        404: `\`order_not_found\`: You have no order with this id.`,
        409: `\`invalid_transition\`: An order of this status cannot get that one.`,
        417: `\`expectation_failed\`: Remove the Expect header; only "Expect: 100-continue" is supported.`,
        500: `\`internal_error\`: The server failed. The log has the reason under the request id.`,
        503: `\`database_unavailable\`: The database does not answer. Try again after Retry-After seconds.
        \`overloaded\`: The server is busy. Try again after Retry-After seconds.`,
      },
    });
  }
  /**
   * Change the status of an order
   * For administrators. From placed to paid, shipped and delivered, or, before it is shipped, to cancelled.
   * @returns Order The order.
   * @throws ApiError
   */
  public changeOrderStatus({
    id,
    requestBody,
    idempotencyKey,
  }: {
    /**
     * The id.
     */
    id: string,
    requestBody: StatusChange,
    /**
     * Any text that you use for this request alone, such as a random UUID. With it, the request can be repeated, also after a lost answer: it takes effect once, and is answered the same.
     */
    idempotencyKey?: string,
  }): CancelablePromise<Order> {
    return this.httpRequest.request({
      method: 'POST',
      url: '/orders/{id}/status',
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
        403: `\`insufficient_scope\`: The token lacks a scope.`,
        404: `\`order_not_found\`: You have no order with this id.`,
        408: `\`request_timeout\`: The request did not arrive in time.`,
        409: `\`invalid_transition\`: An order of this status cannot get that one.
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
}
