import { v7 as uuidv7 } from 'uuid';
import { problems } from '../../../http/problem.ts';
import type { Claim } from '../../../idempotency/claim.ts';
import type { Once } from '../../../idempotency/idempotency.ts';
import { shopProblems } from '../problems.ts';
import type { Repositories, Store } from '../store.ts';
import type { MovementReason } from '../tables.ts';
import type { ProductRow } from './repository.ts';
import { MAX_STOCK, type NewProduct, type ProductChanges } from './schemas.ts';
import { wordsOf } from './search-words.ts';

/** Whoever changes the catalogue; null is the seed. */
export type Actor = string | null;

/** What administrators do with the catalogue. All throw `product_not_found` where there is none. */
export interface CatalogueService {
  /** Once for each claim. @throws {Problem} `sku_taken` */
  add(product: NewProduct, actor: Actor, claim?: Claim): Promise<Once<ProductRow>>;
  /** @throws {Problem} `precondition_failed` unless it is of one of the versions; `sku_taken` */
  change(id: string, versions: number[] | undefined, changes: ProductChanges): Promise<ProductRow>;
  remove(id: string, actor: Actor): Promise<void>;
  /** Once for each claim. @throws {Problem} `insufficient_stock` */
  moveStock(id: string, delta: number, actor: Actor, claim?: Claim): Promise<Once<ProductRow>>;
}

export function createCatalogueService(store: Store): CatalogueService {
  return {
    add: (product, actor, claim) =>
      store.once(claim, async ({ products }) => {
        const row = newRow(product);
        await products.insert(row);
        await products.replaceWords(row.id, wordsOfProduct(row));
        await products.recordMovements([movement(row.id, row.quantity_in_stock, 'created', actor)]);
        return row;
      }),

    async change(id, versions, { photos, ...changes }) {
      const columns = {
        ...changes,
        ...(photos && { photos: JSON.stringify(photos) }),
        updated_at: Date.now(),
      };
      return store.transaction(async ({ products }) => {
        const changed = await products.update(id, versions, columns);
        const row = await found(products, id);
        if (!changed) throw shopProblems.preconditionFailed();
        if ('name' in changes || 'description' in changes) {
          await products.replaceWords(id, wordsOfProduct(row));
        }
        return row;
      });
    },

    async remove(id, actor) {
      await store.transaction(async ({ products }) => {
        // Whoever orders it waits from here on, so that the ledger gets the last of the stock.
        await products.update(id, undefined, {});
        const { quantity_in_stock } = await found(products, id);
        await products.recordMovements([movement(id, -quantity_in_stock, 'deleted', actor)]);
        await products.remove(id);
      });
    },

    moveStock: (id, delta, actor, claim) =>
      store.once(claim, async ({ products }) => {
        const moved = await products.moveStock(id, delta);
        const row = await found(products, id);
        if (!moved || (delta > 0 && row.quantity_in_stock > MAX_STOCK))
          throw outOfRange(row, delta);
        await products.recordMovements([movement(id, delta, 'adjusted', actor)]);
        return row;
      }),
  };
}

async function found({ find }: Repositories['products'], id: string): Promise<ProductRow> {
  const row = await find(id);
  if (!row) throw shopProblems.productNotFound();
  return row;
}

function newRow({ photos = [], ...product }: NewProduct): ProductRow {
  const now = Date.now();
  return {
    id: uuidv7({ msecs: now }),
    description: '',
    sku: null,
    category: null,
    quantity_in_stock: 0,
    ...product,
    photos: JSON.stringify(photos),
    version: 1,
    created_at: now,
    updated_at: now,
  };
}

function wordsOfProduct({ name, description }: ProductRow): string[] {
  return wordsOf(`${name}\n${description}`);
}

function movement(productId: string, delta: number, reason: MovementReason, actor: Actor) {
  return {
    id: uuidv7(),
    product_id: productId,
    delta,
    reason,
    order_id: null,
    actor_id: actor,
    created_at: Date.now(),
  };
}

function outOfRange({ id, quantity_in_stock }: ProductRow, delta: number) {
  if (delta < 0) {
    return shopProblems.insufficientStock(undefined, {
      members: { shortages: [{ product: id, requested: -delta, available: quantity_in_stock }] },
    });
  }
  const message = `must not make the stock larger than ${MAX_STOCK}`;
  return problems.validationFailed(undefined, { errors: [{ path: '/delta', message }] });
}
