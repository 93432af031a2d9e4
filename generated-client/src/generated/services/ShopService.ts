// Generated from openapi.json by scripts/generate-client. Do not edit: change the schema of the route, and run it again.
import type { NewProduct } from '../models/NewProduct.js';
import type { NewPromotion } from '../models/NewPromotion.js';
import type { Order } from '../models/Order.js';
import type { OrderPage } from '../models/OrderPage.js';
import type { OrderQuote } from '../models/OrderQuote.js';
import type { OrderRequest } from '../models/OrderRequest.js';
import type { OrderStatusChange } from '../models/OrderStatusChange.js';
import type { Product } from '../models/Product.js';
import type { ProductChanges } from '../models/ProductChanges.js';
import type { ProductPage } from '../models/ProductPage.js';
import type { Promotion } from '../models/Promotion.js';
import type { PromotionChanges } from '../models/PromotionChanges.js';
import type { PromotionPage } from '../models/PromotionPage.js';
import type { StockChange } from '../models/StockChange.js';
import type { StockMovementPage } from '../models/StockMovementPage.js';
import type { CancelablePromise } from '../core/CancelablePromise.js';
import type { BaseHttpRequest } from '../core/BaseHttpRequest.js';
import { type PagePromise, requestPages } from '../../pages.js';
export class ShopService {
  public readonly httpRequest: BaseHttpRequest;

  constructor(httpRequest: BaseHttpRequest) {
    this.httpRequest = httpRequest;
  }
  /**
   * List products
   * Products that pass all filters. A page past the last is empty. Searches ignore case and accents. If very many products match the words, only the first of them are searched, and `count` counts those found.
   * @returns ProductPage A page of products.
   * @throws ApiError
   */
  public listProducts({
    page,
    limit,
    min_price,
    max_price,
    min_stock,
    max_stock,
    in_stock,
    category,
    search,
    ordering,
  }: {
    /**
     * Number of the page, from 1.
     */
    page?: number,
    /**
     * Entries per page.
     */
    limit?: number,
    /**
     * Lowest price, in minor units.
     */
    min_price?: number,
    /**
     * Highest price, in minor units.
     */
    max_price?: number,
    /**
     * Fewest units in stock.
     */
    min_stock?: number,
    /**
     * Most units in stock.
     */
    max_stock?: number,
    /**
     * Only products in stock (true), or out of stock (false).
     */
    in_stock?: boolean,
    /**
     * Only products of this category.
     */
    category?: string,
    /**
     * Words, or beginnings of words, of the name or the description, in any order.
     */
    search?: string,
    /**
     * The order; a minus reverses it. Among equals, the lower id comes first.
     */
    ordering?: 'name' | '-name' | 'price' | '-price' | 'quantity_in_stock' | '-quantity_in_stock' | 'created' | '-created',
  } = {}): PagePromise<ProductPage> {
    return requestPages(this.httpRequest, {
      method: 'GET',
      url: '/products',
      query: {
        'page': page,
        'limit': limit,
        'min_price': min_price,
        'max_price': max_price,
        'min_stock': min_stock,
        'max_stock': max_stock,
        'in_stock': in_stock,
        'category': category,
        'search': search,
        'ordering': ordering,
      },
    });
  }
  /**
   * Create a product
   * For administrators.
   * @returns Product The product.
   * @throws ApiError
   */
  public createProduct({
    requestBody,
    idempotencyKey,
  }: {
    requestBody: NewProduct,
    /**
     * Any text that you use for this request alone, such as a random UUID. With it, the request can be repeated, also after a lost response: it takes effect once, and gets the same response.
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
    });
  }
  /**
   * Get a product
   * Answers 304 if `If-None-Match` has the `ETag` of the product.
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
    });
  }
  /**
   * Update a product
   * For administrators. `If-Match` must have the `ETag` of the version that you update; the stock may have changed since.
   * @returns Product The updated product.
   * @throws ApiError
   */
  public updateProduct({
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
     * The `ETag` of the product as you know it.
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
    });
  }
  /**
   * Delete a product
   * For administrators. Orders keep its name and price, and the ledger its movements.
   * @returns void
   * @throws ApiError
   */
  public deleteProduct({
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
    });
  }
  /**
   * Move stock
   * For administrators. Adds or removes units, and records that in the ledger.
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
     * Any text that you use for this request alone, such as a random UUID. With it, the request can be repeated, also after a lost response: it takes effect once, and gets the same response.
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
    });
  }
  /**
   * List stock movements
   * For administrators. All movements of the stock of a product, even of a deleted one; the deltas add up to its stock.
   * @returns StockMovementPage A page of the ledger.
   * @throws ApiError
   */
  public listStockMovements({
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
  }): PagePromise<StockMovementPage> {
    return requestPages(this.httpRequest, {
      method: 'GET',
      url: '/products/{id}/stock',
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
   * List promotions
   * For administrators. The newest first.
   * @returns PromotionPage A page of promotions.
   * @throws ApiError
   */
  public listPromotions({
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
  } = {}): PagePromise<PromotionPage> {
    return requestPages(this.httpRequest, {
      method: 'GET',
      url: '/promotions',
      query: {
        'page': page,
        'limit': limit,
      },
    });
  }
  /**
   * Create a promotion
   * For administrators. A `percentage` promotion takes a percentage off, a `fixed` one an amount, and `buy_x_get_y` makes the cheapest units of each complete set free. A promotion without a promo code applies to all orders that meet its conditions.
   * @returns Promotion The promotion.
   * @throws ApiError
   */
  public createPromotion({
    requestBody,
    idempotencyKey,
  }: {
    requestBody: NewPromotion,
    /**
     * Any text that you use for this request alone, such as a random UUID. With it, the request can be repeated, also after a lost response: it takes effect once, and gets the same response.
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
    });
  }
  /**
   * Get a promotion
   * For administrators.
   * @returns Promotion The promotion.
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
    });
  }
  /**
   * Update a promotion
   * For administrators. Orders that were placed with it do not change.
   * @returns Promotion The updated promotion.
   * @throws ApiError
   */
  public updatePromotion({
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
    });
  }
  /**
   * Delete a promotion
   * For administrators. Orders that were placed with it do not change.
   * @returns void
   * @throws ApiError
   */
  public deletePromotion({
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
    });
  }
  /**
   * Place an order
   * Orders all products, or none. The order keeps their names and prices as they are now. With an `Idempotency-Key`, the request can be repeated, for instance after a lost response: it orders once.
   * @returns Order The order.
   * @throws ApiError
   */
  public placeOrder({
    requestBody,
    idempotencyKey,
  }: {
    requestBody: OrderRequest,
    /**
     * Any text that you use for this request alone, such as a random UUID. With it, the request can be repeated, also after a lost response: it takes effect once, and gets the same response.
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
    });
  }
  /**
   * List orders
   * Your orders, the newest first. Administrators can list those of all users.
   * @returns OrderPage A page of orders.
   * @throws ApiError
   */
  public listOrders({
    page,
    limit,
    status,
    all,
  }: {
    /**
     * Number of the page, from 1.
     */
    page?: number,
    /**
     * Entries per page.
     */
    limit?: number,
    /**
     * The status of the order.
     */
    status?: 'placed' | 'paid' | 'shipped' | 'delivered' | 'cancelled',
    /**
     * The orders of all users; for administrators.
     */
    all?: boolean,
  } = {}): PagePromise<OrderPage> {
    return requestPages(this.httpRequest, {
      method: 'GET',
      url: '/orders',
      query: {
        'page': page,
        'limit': limit,
        'status': status,
        'all': all,
      },
    });
  }
  /**
   * Quote an order
   * Returns the prices of an order, or refuses it, without placing it.
   * @returns OrderQuote The prices of the order.
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
    });
  }
  /**
   * Get an order
   * One of your orders; administrators can get any.
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
    });
  }
  /**
   * Cancel an order
   * One of your orders that has not been shipped. Its units return to the stock, once, however often you call this.
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
    });
  }
  /**
   * Update the status of an order
   * For administrators. A placed order can become paid, then shipped, then delivered; before it is shipped, it can be cancelled.
   * @returns Order The order.
   * @throws ApiError
   */
  public updateOrderStatus({
    id,
    requestBody,
    idempotencyKey,
  }: {
    /**
     * The id.
     */
    id: string,
    requestBody: OrderStatusChange,
    /**
     * Any text that you use for this request alone, such as a random UUID. With it, the request can be repeated, also after a lost response: it takes effect once, and gets the same response.
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
    });
  }
}
