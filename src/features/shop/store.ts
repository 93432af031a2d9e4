import type { Kysely, Transaction } from 'kysely';
import type { Database } from '../../database/database.ts';
import type { Claim } from '../../idempotency/claim.ts';
import type { Idempotency, Once } from '../../idempotency/idempotency.ts';
import { createOrderRepository, type OrderRepository } from './orders/repository.ts';
import { createProductRepository, type ProductRepository } from './products/repository.ts';
import { createPromotionRepository, type PromotionRepository } from './promotions/repository.ts';
import { prepareStatements } from './statements.ts';
import type { ShopTables } from './tables.ts';

export interface Repositories {
  products: ProductRepository;
  promotions: PromotionRepository;
  orders: OrderRepository;
}

/** The repositories of the shop, and transactions over all of them. */
export interface Store extends Repositories {
  transaction<T>(work: (repositories: Repositories) => Promise<T>): Promise<T>;
  /** Reads that must agree with each other. */
  snapshot<T>(work: (repositories: Repositories) => Promise<T>): Promise<T>;
  /** As `transaction`, once for each claim. @throws {Problem} those of idempotency keys */
  once<T>(
    claim: Claim | undefined,
    work: (repositories: Repositories) => Promise<T>,
  ): Promise<Once<T>>;
}

export function createStore(database: Database<ShopTables>, idempotency: Idempotency): Store {
  const { kind } = database;
  const statements = prepareStatements(database.db);
  const over = (db: Kysely<ShopTables>): Repositories => ({
    products: createProductRepository(db, statements),
    promotions: createPromotionRepository(db, kind, statements),
    orders: createOrderRepository(db, statements),
  });
  return {
    ...over(database.db),
    transaction: (work) => database.transaction((trx) => work(over(trx))),
    snapshot: (work) => database.snapshot((trx) => work(over(trx))),
    once: (claim, work) =>
      idempotency.once(claim, (trx: Transaction<ShopTables>) => work(over(trx))),
  };
}
