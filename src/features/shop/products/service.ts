import { v7 as uuidv7 } from 'uuid';
import type { Slice } from '../../../database/keyset.ts';
import { problems } from '../../../http/problem.ts';
import type { Claim } from '../../../idempotency/claim.ts';
import { shopProblems } from '../problems.ts';
import type { Store } from '../store.ts';
import type { ProductRepository, ProductRow } from './repository.ts';
import type { NewProduct, ProductChanges, ProductQuery } from './schemas.ts';
import type { SearchLimits } from './search-repository.ts';
import { searchWords } from './search-words.ts';

/** The account that changes the catalogue; null is the demo catalogue. */
export type Actor = string | null;

/** Products of the demo catalogue have fixed ids. */
type ProductToCreate = NewProduct & { id?: string };

export type ProductService = ReturnType<typeof createProductService>;

/** The catalogue. Methods that take an id throw `product_not_found` if no product has it. */
export function createProductService(store: Store) {
  return {
    /** Runs once for each claim. @throws {Problem} `sku_taken` */
    create: (product: ProductToCreate, actor: Actor, claim?: Claim) =>
      store.once(claim, async ({ products, search, movements }) => {
        const row = newRow(product);
        await products.insert(row);
        await search.replaceWords(row.id, wordsOf(row));
        const delta = row.quantity_in_stock;
        await movements.insert([{ product_id: row.id, delta, reason: 'created', actor_id: actor }]);
        return row;
      }),

    get: (id: string) => getProduct(store.products, id),

    /** Returns a slice of the products, and the count of all. @throws {Problem} `validation_failed` */
    list: (query: ProductQuery, slice: Slice, limits: SearchLimits) =>
      store.snapshot(async ({ products, search }) => {
        if (!query.search?.trim()) return products.list(query, slice);
        const words = searchWords(query.search);
        if (words.length > limits.words) throw tooManyWords(limits);
        if (words.length === 0) return { count: 0, rows: [] };
        const { count, ids } = await search.find(query, slice, words, limits);
        return { count, rows: await products.findSorted(ids, slice.ordering) };
      }),

    /** @throws {Problem} `precondition_failed` unless the product has one of the versions; `sku_taken` */
    update: (id: string, versions: number[] | undefined, { photos, ...changes }: ProductChanges) =>
      store.transaction(async ({ products, search }) => {
        const updated = await products.update(id, versions, {
          ...changes,
          ...(photos && { photos: JSON.stringify(photos) }),
          updated_at: Date.now(),
        });
        const row = await getProduct(products, id);
        if (!updated) throw shopProblems.preconditionFailed();
        if ('name' in changes || 'description' in changes) {
          await search.replaceWords(id, wordsOf(row));
        }
        return row;
      }),

    delete: (id: string, actor: Actor) =>
      store.transaction(async ({ products, movements }) => {
        // Locks the row: orders of the product wait from here on, so the ledger gets the last of the stock.
        await products.update(id, undefined, {});
        const delta = -(await getProduct(products, id)).quantity_in_stock;
        await movements.insert([{ product_id: id, delta, reason: 'deleted', actor_id: actor }]);
        await products.delete(id);
      }),
  };
}

/** @throws {Problem} `product_not_found` */
export async function getProduct({ find }: ProductRepository, id: string): Promise<ProductRow> {
  const row = await find(id);
  if (!row) throw shopProblems.productNotFound();
  return row;
}

function newRow({ photos = [], ...product }: ProductToCreate): ProductRow {
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

function wordsOf({ name, description }: ProductRow): string[] {
  return searchWords(`${name}\n${description}`);
}

function tooManyWords({ words }: SearchLimits) {
  const message = `must not have more than ${words} different words`;
  return problems.validationFailed(undefined, { errors: [{ path: '/search', message }] });
}
