import type { FastifyInstance } from 'fastify';
import type { ShopTables } from '../../database/tables/shop.ts';
import { catalogueAdminRoutes } from './catalogue/admin-routes.ts';
import { publicCatalogueRoutes } from './catalogue/public-routes.ts';
import { namedCatalogueSchemas } from './catalogue/schemas.ts';
import { createCatalogueService } from './catalogue/service.ts';
import { KEY_LIFETIME } from './orders/idempotency.ts';
import { orderRoutes } from './orders/routes.ts';
import { namedOrderSchemas } from './orders/schemas.ts';
import { createOrderService } from './orders/service.ts';
import { promotionRoutes } from './promotions/routes.ts';
import { namedPromotionSchemas } from './promotions/schemas.ts';
import { createPromotionService } from './promotions/service.ts';
import { createStore, type Store } from './store.ts';

export interface ShopOptions {
  /** What links begin with. */
  publicUrl: string;
}

/** How often requests that are no longer remembered are removed, in milliseconds. */
const SWEEP_INTERVAL = 3_600_000;

/** A catalogue, and orders that cannot oversell. Needs the decorators `database` and `requireScope`. */
export async function shopFeature(app: FastifyInstance, { publicUrl }: ShopOptions) {
  for (const schema of [...namedCatalogueSchemas, ...namedPromotionSchemas, ...namedOrderSchemas]) {
    app.addSchema(schema);
  }
  const database = app.database.as<ShopTables>();
  const store = createStore(database);
  const { products, promotions, orders } = store;
  await app.register(publicCatalogueRoutes, { db: database.db, products, publicUrl });
  await app.register(catalogueAdminRoutes, {
    catalogue: createCatalogueService(store),
    products,
    publicUrl,
  });
  await app.register(promotionRoutes, {
    service: createPromotionService(store),
    promotions,
    publicUrl,
  });
  await app.register(orderRoutes, { service: createOrderService(store), orders, publicUrl });
  sweepRegularly(app, store);
}

function sweepRegularly(app: FastifyInstance, { orders }: Store): void {
  const timer = setInterval(() => {
    orders
      .removeKeys(Date.now() - KEY_LIFETIME)
      .catch((error) => app.log.error({ err: error }, 'old idempotency keys could not be removed'));
  }, SWEEP_INTERVAL);
  timer.unref();
  app.addHook('onClose', async () => clearInterval(timer));
}
