import {
  type Insertable,
  type Kysely,
  type QueryResult,
  type Selectable,
  type SelectQueryBuilder,
  sql,
  type Updateable,
} from 'kysely';
import { batchCalls, paddedSet } from '../../../batch-calls.ts';
import { countOf } from '../../../database/count.ts';
import type { DatabaseKind } from '../../../database/database.ts';
import { violatesUnique } from '../../../database/errors.ts';
import {
  type Found,
  type Ordering,
  type Slice,
  sliceOfRows,
  sortedBy,
} from '../../../database/keyset.ts';
import { prepare, prepareList } from '../../../database/prepare.ts';
import { shopProblems } from '../problems.ts';
import type { ProductsTable, ShopTables } from '../tables.ts';
import type { ProductQuery } from './schemas.ts';

export type ProductRow = Selectable<ProductsTable>;
export type ProductRepository = ReturnType<typeof createProductRepository>;
export type ProductStatements = ReturnType<typeof prepareProductStatements>;

/** Most orders that share a query; each has at most 100 products. */
const MAX_BATCH = 16;

/** Prepares the statements that every order runs. */
export function prepareProductStatements(db: Kysely<ShopTables>) {
  const findForOrder = prepareList((products: { id: string }[]) =>
    db
      .selectFrom('products')
      .select(['id', 'name', 'price', 'currency', 'quantity_in_stock'])
      .where(
        'id',
        'in',
        products.map(({ id }) => id),
      ),
  );
  return {
    /** Reads the columns that orders need, for several orders at once; descriptions are long. */
    findForOrders: batchCalls(MAX_BATCH, async (ids: readonly (readonly string[])[]) => {
      const products = paddedSet(ids.flat()).map((id) => ({ id }));
      const { rows } = await findForOrder(db, products);
      return new Map(rows.map((row) => [row.id, row]));
    }),

    /**
     * The guard is a sum, which no index can serve: through the index on the stock, MariaDB misses a row
     * that a concurrent order moves within it while this statement waits.
     */
    moveStock: prepare((values: { id: string; delta: number }) => {
      const moved = sql<number>`quantity_in_stock + ${values.delta}`;
      return db
        .updateTable('products')
        .set({ quantity_in_stock: moved })
        .where('id', '=', values.id)
        .where(moved, '>=', 0);
    }),
  };
}

export function createProductRepository(
  db: Kysely<ShopTables>,
  kind: DatabaseKind,
  statements: ProductStatements,
) {
  return {
    async find(id: string): Promise<ProductRow | undefined> {
      return db.selectFrom('products').selectAll().where('id', '=', id).executeTakeFirst();
    },

    /** Returns products by id, in no transaction; those that other orders need may be among them. */
    findForOrder: statements.findForOrders,

    /** Returns products in an order. */
    async findSorted(ids: readonly string[], ordering: Ordering): Promise<ProductRow[]> {
      if (ids.length === 0) return [];
      const products = db.selectFrom('products').selectAll().where('id', 'in', ids);
      return sortedBy(products, ordering).execute();
    },

    /** Returns a slice of the products that pass the filters of a query, and the count of all. */
    async list(query: ProductFilter, slice: Slice): Promise<Found<ProductRow>> {
      const count = await countOf(filteredProducts(db, query));
      // Skipping all rows would take as long as reading them.
      const isPastTheLast = slice.offset >= count;
      const rows = isPastTheLast ? [] : await pageOfProducts(db, kind, query, slice).execute();
      return { count, rows };
    },

    /** @throws {Problem} `sku_taken` */
    async insert(product: Insertable<ProductsTable>): Promise<void> {
      await db.insertInto('products').values(product).execute().catch(explainDuplicate);
    },

    /**
     * Returns false if no product has the id, or, where versions are given, if it has none of them.
     *
     * @throws {Problem} `sku_taken`
     */
    async update(
      id: string,
      versions: readonly number[] | undefined,
      changes: Updateable<ProductsTable>,
    ): Promise<boolean> {
      const update = db
        .updateTable('products')
        .set({ ...changes, version: sql<number>`version + 1` })
        .where('id', '=', id)
        .$if(versions !== undefined, (query) => query.where('version', 'in', versions!));
      const { numUpdatedRows } = await update.executeTakeFirstOrThrow().catch(explainDuplicate);
      return numUpdatedRows > 0n;
    },

    async delete(id: string): Promise<void> {
      await db.deleteFrom('products').where('id', '=', id).execute();
    },

    /**
     * Moves stock, if the product exists and has enough of it. One statement checks and writes, so that
     * nothing can come between. Transactions must move products in the order of their ids, or they deadlock.
     */
    async moveStock(id: string, delta: number): Promise<boolean> {
      return hasMoved(await statements.moveStock(db, { id, delta }));
    },

    /** Returns the statement of {@link moveStock}, for several that run together; {@link hasMoved} reads its result. */
    stockMove: (id: string, delta: number) => statements.moveStock.bind({ id, delta }),
  };
}

/** Tells whether a statement has moved stock. */
export const hasMoved = ({ numAffectedRows }: QueryResult<unknown>) => numAffectedRows === 1n;

/** The filters of a query. */
export type ProductFilter = Omit<ProductQuery, 'page' | 'after' | 'limit' | 'ordering' | 'search'>;

type ProductSelection = SelectQueryBuilder<ShopTables, 'products', object>;

const SORT_COLUMNS: Record<string, Ordering[0]> = {
  name: { column: 'name', direction: 'asc', type: 'text' },
  price: { column: 'price', direction: 'asc', type: 'integer' },
  quantity_in_stock: { column: 'quantity_in_stock', direction: 'asc', type: 'integer' },
  created: { column: 'created_at', direction: 'asc', type: 'integer' },
};

/** Returns the order that a query asks for. Among equals, the lower id comes first. */
export function orderingOf({ ordering }: Pick<ProductQuery, 'ordering'>): Ordering {
  const direction = ordering.startsWith('-') ? 'desc' : 'asc';
  const first = { ...SORT_COLUMNS[ordering.replace('-', '')]!, direction } as const;
  return [first, { column: 'id', direction: 'asc', type: 'id' }];
}

/** Selects the products that pass the filters of a query, except its search. */
export function filteredProducts(
  db: Kysely<ShopTables>,
  query: ProductFilter,
  products: ProductSelection = db.selectFrom('products'),
): ProductSelection {
  const { min_price, max_price, min_stock, max_stock, in_stock, category } = query;
  let found = products;
  if (min_price !== undefined) found = found.where('price', '>=', min_price);
  if (max_price !== undefined) found = found.where('price', '<=', max_price);
  if (min_stock !== undefined) found = found.where('quantity_in_stock', '>=', min_stock);
  if (max_stock !== undefined) found = found.where('quantity_in_stock', '<=', max_stock);
  if (in_stock !== undefined) found = found.where('quantity_in_stock', in_stock ? '>' : '=', 0);
  return category === undefined ? found : found.where('category', '=', category);
}

/** Selects a slice. An index finds the ids; only the rows of the slice itself are read. */
export function pageOfProducts(
  db: Kysely<ShopTables>,
  kind: DatabaseKind,
  query: ProductFilter,
  slice: Slice,
) {
  const ids = sliceOfRows(filteredProducts(db, query).select('id'), kind, slice).as('page');
  const products = db.selectFrom(ids).innerJoin('products', 'products.id', 'page.id');
  return sortedBy(products.selectAll('products'), slice.ordering, 'products');
}

function explainDuplicate(error: unknown): never {
  throw violatesUnique(error, 'products_sku') ? shopProblems.skuTaken() : error;
}
