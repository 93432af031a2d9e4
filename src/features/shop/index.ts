import type { FastifyInstance } from 'fastify';
import { orderRoutes } from './orders/routes.ts';
import { orderSchemas } from './orders/schemas.ts';
import { createOrderService } from './orders/service.ts';
import { ShortageProblemSchema } from './problems.ts';
import { productRoutes } from './products/routes.ts';
import { productSchemas } from './products/schemas.ts';
import type { SearchLimits } from './products/search-repository.ts';
import { createProductService } from './products/service.ts';
import { currentPromotionRoutes } from './promotions/current-routes.ts';
import { promotionRoutes } from './promotions/routes.ts';
import { promotionSchemas } from './promotions/schemas.ts';
import { createPromotionService } from './promotions/service.ts';
import { stockMovementRoutes } from './stock-movements/routes.ts';
import { stockMovementSchemas } from './stock-movements/schemas.ts';
import { createMovementService } from './stock-movements/service.ts';
import { createStore } from './store.ts';
import type { ShopTables } from './tables.ts';

export interface ShopOptions {
  /** The URL that links begin with. */
  publicUrl: string;
  search: SearchLimits;
}

/** A catalogue, promotions, and orders that cannot oversell. Needs the decorators `database` and `idempotency`. */
export async function shopFeature(app: FastifyInstance, { publicUrl, search }: ShopOptions) {
  const schemas = [productSchemas, stockMovementSchemas, promotionSchemas, orderSchemas];
  for (const schema of [ShortageProblemSchema, ...schemas.flat()]) app.addSchema(schema);
  const store = createStore(app.database.as<ShopTables>(), app.idempotency);
  const products = createProductService(store);
  const movements = createMovementService(store);
  const promotions = createPromotionService(store);
  const orders = createOrderService(store);
  await app.register(productRoutes, { products, searchLimits: search, publicUrl });
  await app.register(stockMovementRoutes, { movements, publicUrl });
  await app.register(currentPromotionRoutes, { promotions, publicUrl });
  await app.register(promotionRoutes, { promotions, publicUrl });
  await app.register(orderRoutes, { orders, publicUrl });
}
