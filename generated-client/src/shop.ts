import type { Order } from './generated/models/Order.js';
import type { Product } from './generated/models/Product.js';
import type { Promotion } from './generated/models/Promotion.js';
import type { StockMovement } from './generated/models/StockMovement.js';
import { ShopService } from './generated/services/ShopService.js';

type Query<Method extends 'listProducts' | 'listOrders' | 'listPromotions' | 'listStockMovements'> =
  Parameters<ShopService[Method]>[0];

interface Page<Entry> {
  next: string | null;
  results: Entry[];
}

/**
 * The shop, call by call, and its lists entry by entry.
 *
 * @example
 * ```ts
 * for await (const product of tally.shop.products({ search: 'mug', inStock: true })) {
 *   console.log(product.name, product.price);
 * }
 * ```
 */
export class Shop extends ShopService {
  /** Products that pass the filters, from the page that is given on. */
  products(query: Query<'listProducts'> = {}): AsyncGenerator<Product, void, undefined> {
    return entries(query, (page) => this.listProducts({ ...query, page }));
  }

  /** Your orders, the newest first, from the page that is given on. */
  orders(query: Query<'listOrders'> = {}): AsyncGenerator<Order, void, undefined> {
    return entries(query, (page) => this.listOrders({ ...query, page }));
  }

  /** Special offers; for administrators. */
  promotions(query: Query<'listPromotions'> = {}): AsyncGenerator<Promotion, void, undefined> {
    return entries(query, (page) => this.listPromotions({ ...query, page }));
  }

  /** The ledger of a product, the latest movement first; for administrators. */
  stockMovements(
    query: Query<'listStockMovements'>,
  ): AsyncGenerator<StockMovement, void, undefined> {
    return entries(query, (page) => this.listStockMovements({ ...query, page }));
  }
}

async function* entries<Entry>(
  { page: first = 1 }: { page?: number },
  getPage: (page: number) => Promise<Page<Entry>>,
): AsyncGenerator<Entry, void, undefined> {
  for (let page = first; ; page++) {
    const { results, next } = await getPage(page);
    yield* results;
    if (next === null) return;
  }
}
