import { randomUUID } from 'node:crypto';
import { type CompiledQuery, Kysely, CompiledQuery as Query } from 'kysely';
import { expect, it, onTestFinished } from 'vitest';
import type { Database } from '../../src/database/database.ts';
import { mysqlDialect } from '../../src/database/servers/dialects.ts';
import { createOrderService } from '../../src/features/shop/orders/service.ts';
import { createProductService } from '../../src/features/shop/products/service.ts';
import { createPromotionService } from '../../src/features/shop/promotions/service.ts';
import { createMovementService } from '../../src/features/shop/stock-movements/service.ts';
import { createStore } from '../../src/features/shop/store.ts';
import type { ShopTables } from '../../src/features/shop/tables.ts';
import { createTierRepository } from '../../src/features/tiers/repository.ts';
import type { TierTables } from '../../src/features/tiers/tables.ts';
import { claimOf } from '../../src/idempotency/claim.ts';
import { createIdempotency } from '../../src/idempotency/idempotency.ts';
import type { IdempotencyTables } from '../../src/idempotency/tables.ts';
import { databases, migratedDatabaseForTest } from '../helpers/databases.ts';

const mariadb = databases.filter(({ name }) => name.includes('MariaDB'));

/** A migrated database that remembers each statement, with its values. */
async function recordingDatabase(kind: (typeof databases)[number]) {
  const config = await migratedDatabaseForTest(kind);
  const seen: CompiledQuery[] = [];
  const db = new Kysely<unknown>({
    dialect: mysqlDialect({ url: config.location, ...config }),
    log: ({ query }) => void seen.push(query),
  });
  onTestFinished(() => db.destroy());
  const database = {
    kind: 'mysql',
    db,
    transaction: (work: (trx: typeof db) => Promise<unknown>) => db.transaction().execute(work),
    as: () => database,
  } as unknown as Database<unknown>;
  return { db, seen, database };
}

/**
 * MariaDB may look for the one row of an id in any index that serves another condition. A concurrent
 * statement that moves the row within that index hides it, and the update finds nothing to do.
 */
it.for(mariadb)('updates find their one row by the primary key on $name', async (kind) => {
  const { db, seen, database } = await recordingDatabase(kind);
  const shop = createStore(
    database.as<ShopTables>(),
    createIdempotency(database.as<IdempotencyTables>(), 1000),
  );
  const userId = randomUUID();
  const products = createProductService(shop);
  const promotions = createPromotionService(shop);
  const orders = createOrderService(shop);
  const { result: product } = await products.create(
    { name: 'Thing', price: 1000, currency: 'EUR', quantity_in_stock: 100 },
    null,
  );
  const { result: promotion } = await promotions.create({
    name: 'Promotion',
    type: 'percentage',
    percentage: 10,
    usage_limit: 10,
    usage_limit_per_user: 5,
  });
  await createMovementService(shop).move(product.id, 7, userId);
  await products.update(product.id, [1, 2], { name: 'Other' });
  const parts = [{ product: product.id, quantity_in_order: 1 }];
  const claim = claimOf({ sender: userId, operation: 'test', key: 'k', content: parts });
  const { result } = await orders.place(userId, { parts }, claim);
  await orders.cancel(result.order.id, userId);
  await promotions.update(promotion.id, { name: 'Other' });

  await createTierRepository(database.as<TierTables>()).update('basic', { original: false });

  const updates = seen.filter(({ sql }) => sql.startsWith('update'));
  expect(updates.length).toBeGreaterThan(8);
  for (const { sql, parameters } of updates) {
    const explain = Query.raw(`explain ${sql}`, [...parameters]);
    const { rows } = await db.executeQuery<{ key: string | null; Extra: string }>(explain);
    const found = rows.filter(({ Extra }) => !Extra.includes('Impossible'));
    expect([sql, found.map(({ key }) => key)]).toEqual([sql, found.map(() => 'PRIMARY')]);
  }
});
