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
import { type PagePromise, requestPages } from '../../pages.js';
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
     * In minor units.
     */
    min_price?: number,
    /**
     * In minor units.
     */
    max_price?: number,
    /**
     * Units.
     */
    min_stock?: number,
    /**
     * Units.
     */
    max_stock?: number,
    /**
     * Only products that are in stock, or only those that are not.
     */
    in_stock?: boolean,
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
   * List special offers
   * For administrators. The newest first.
   * @returns PromotionPage A page of special offers.
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
    });
  }
  /**
   * List orders
   * Your own, the newest first. Administrators can list those of everyone.
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
     * How far it is.
     */
    status?: 'placed' | 'paid' | 'shipped' | 'delivered' | 'cancelled',
    /**
     * Those of everyone; for administrators.
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
    });
  }
}
