import type { FastifyInstance } from 'fastify';
import { orderRoutes } from './orders/routes.ts';
import { namedOrderSchemas } from './orders/schemas.ts';
import { createOrderService } from './orders/service.ts';
import { catalogueAdminRoutes } from './products/admin-routes.ts';
import { publicCatalogueRoutes } from './products/public-routes.ts';
import { namedCatalogueSchemas } from './products/schemas.ts';
import type { SearchLimits } from './products/search-repository.ts';
import { createCatalogueService } from './products/service.ts';
import { promotionRoutes } from './promotions/routes.ts';
import { namedPromotionSchemas } from './promotions/schemas.ts';
import { createPromotionService } from './promotions/service.ts';
import { createStore } from './store.ts';
import type { ShopTables } from './tables.ts';

export interface ShopOptions {
  /** What links begin with. */
  publicUrl: string;
  search: SearchLimits;
}

/** A catalogue, and orders that cannot oversell. Needs the decorators `database`, `idempotency` and `requireScope`. */
export async function shopFeature(app: FastifyInstance, { publicUrl, search }: ShopOptions) {
  for (const schema of [...namedCatalogueSchemas, ...namedPromotionSchemas, ...namedOrderSchemas]) {
    app.addSchema(schema);
  }
  const database = app.database.as<ShopTables>();
  const store = createStore(database, app.idempotency);
  await app.register(publicCatalogueRoutes, {
    database,
    products: store.products,
    publicUrl,
    search,
  });
  await app.register(catalogueAdminRoutes, {
    catalogue: createCatalogueService(store),
    store,
    publicUrl,
  });
  await app.register(promotionRoutes, {
    service: createPromotionService(store),
    store,
    publicUrl,
  });
  await app.register(orderRoutes, { service: createOrderService(store), store, publicUrl });
}
