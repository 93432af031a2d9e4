import type { CompiledQuery, Kysely, QueryResult, Transaction } from 'kysely';
import type { Database } from '../../database/database.ts';
import { runAll } from '../../database/prepare.ts';
import type { Claim } from '../../idempotency/claim.ts';
import type { Idempotency, Once } from '../../idempotency/idempotency.ts';
import { createOrderRepository, prepareOrderStatements } from './orders/repository.ts';
import { createProductRepository, prepareProductStatements } from './products/repository.ts';
import { createSearchRepository } from './products/search-repository.ts';
import { createPromotionRepository, preparePromotionStatements } from './promotions/repository.ts';
import { createUsageRepository } from './promotions/usage-repository.ts';
import {
  createMovementRepository,
  prepareMovementStatements,
} from './stock-movements/repository.ts';
import type { ShopTables } from './tables.ts';

export interface Repositories {
  products: ReturnType<typeof createProductRepository>;
  search: ReturnType<typeof createSearchRepository>;
  movements: ReturnType<typeof createMovementRepository>;
  promotions: ReturnType<typeof createPromotionRepository>;
  usage: ReturnType<typeof createUsageRepository>;
  orders: ReturnType<typeof createOrderRepository>;
  /** Runs statements of a transaction, as {@link runAll}. */
  runAll(statements: readonly CompiledQuery[]): Promise<QueryResult<unknown>[]>;
}

/** The repositories of the shop, and transactions over all of them. */
export interface Store extends Repositories {
  transaction<T>(work: (repositories: Repositories) => Promise<T>): Promise<T>;
  /** Runs reads that must agree with each other. */
  snapshot<T>(work: (repositories: Repositories) => Promise<T>): Promise<T>;
  /** Runs a transaction once for each claim. @throws {Problem} those of idempotency keys */
  once<T>(
    claim: Claim | undefined,
    work: (repositories: Repositories) => Promise<T>,
  ): Promise<Once<T>>;
}

export function createStore(
  { db, kind, transaction, snapshot }: Database<ShopTables>,
  idempotency: Idempotency,
): Store {
  const products = prepareProductStatements(db);
  const movements = prepareMovementStatements(db);
  const promotions = preparePromotionStatements(db);
  const orders = prepareOrderStatements(db);
  const repositoriesOn = (connection: Kysely<ShopTables>): Repositories => ({
    products: createProductRepository(connection, kind, products),
    search: createSearchRepository(connection, kind),
    movements: createMovementRepository(connection, kind, movements),
    promotions: createPromotionRepository(connection, kind, promotions),
    usage: createUsageRepository(connection, kind),
    orders: createOrderRepository(connection, kind, orders),
    runAll: (statements) => runAll(connection, statements),
  });
  return {
    ...repositoriesOn(db),
    transaction: (work) => transaction((trx) => work(repositoriesOn(trx))),
    snapshot: (work) => snapshot((trx) => work(repositoriesOn(trx))),
    once: (claim, work) =>
      idempotency.once(claim, (trx: Transaction<ShopTables>) => work(repositoriesOn(trx))),
  };
}
