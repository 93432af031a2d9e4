import {
  type Insertable,
  type Kysely,
  type Selectable,
  type SelectQueryBuilder,
  sql,
  type Updateable,
} from 'kysely';
import { countOf } from '../../../database/count.ts';
import { violatesUnique } from '../../../database/errors.ts';
import { prepare, prepareList } from '../../../database/prepare.ts';
import { offsetAndLimit } from '../../../http/pages.ts';
import { shopProblems } from '../problems.ts';
import type { ProductsTable, ShopTables } from '../tables.ts';
import type { ProductQuery } from './schemas.ts';

export type ProductRow = Selectable<ProductsTable>;
export type ProductRepository = ReturnType<typeof createProductRepository>;
export type ProductStatements = ReturnType<typeof prepareProductStatements>;

/** Prepares the statements that every order runs. */
export function prepareProductStatements(db: Kysely<ShopTables>) {
  return {
    findForOrder: prepareList((products: { id: string }[]) =>
      db
        .selectFrom('products')
        .select(['id', 'name', 'price', 'currency', 'quantity_in_stock'])
        .where(
          'id',
          'in',
          products.map(({ id }) => id),
        ),
    ),

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

export function createProductRepository(db: Kysely<ShopTables>, statements: ProductStatements) {
  return {
    async find(id: string): Promise<ProductRow | undefined> {
      return db.selectFrom('products').selectAll().where('id', '=', id).executeTakeFirst();
    },

    /** Reads only the columns that orders need: descriptions are long. */
    async findForOrder(ids: readonly string[]) {
      const products = ids.map((id) => ({ id }));
      return (await statements.findForOrder(db, products)).rows;
    },

    /** Returns products in the order that the query asks for. */
    async findSorted(ids: readonly string[], query: ProductQuery): Promise<ProductRow[]> {
      if (ids.length === 0) return [];
      const { column, direction } = orderingOf(query);
      const products = db.selectFrom('products').selectAll().where('id', 'in', ids);
      return products.orderBy(column, direction).orderBy('id').execute();
    },

    list: (query: ProductQuery) => listProducts(db, query),

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
      const { numAffectedRows } = await statements.moveStock(db, { id, delta });
      return numAffectedRows === 1n;
    },
  };
}

/** Returns one page of the products that pass the filters of a query, and the count of all. */
async function listProducts(db: Kysely<ShopTables>, query: ProductQuery) {
  const count = await countOf(filteredProducts(db, query));
  // Skipping all rows would take as long as reading them.
  const isPastTheLast = offsetAndLimit(query).offset >= count;
  return { count, rows: isPastTheLast ? [] : await pageOfProducts(db, query).execute() };
}

type ProductSelection = SelectQueryBuilder<ShopTables, 'products', object>;

const COLUMNS: Record<string, keyof ProductsTable> = {
  name: 'name',
  price: 'price',
  quantity_in_stock: 'quantity_in_stock',
  created: 'created_at',
};

/** Returns the column and the direction by which a query orders. */
export function orderingOf({ ordering }: ProductQuery) {
  const direction = ordering.startsWith('-') ? ('desc' as const) : ('asc' as const);
  return { column: COLUMNS[ordering.replace('-', '')]!, direction };
}

/** Selects the products that pass the filters of a query, except its search. */
export function filteredProducts(
  db: Kysely<ShopTables>,
  query: ProductQuery,
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

/** Selects one page. An index finds the ids; only the rows of the page itself are read. */
export function pageOfProducts(db: Kysely<ShopTables>, query: ProductQuery) {
  const { column, direction } = orderingOf(query);
  const { offset, limit } = offsetAndLimit(query);
  const ids = filteredProducts(db, query)
    .select('id')
    .orderBy(column, direction)
    .orderBy('id')
    .limit(limit)
    .offset(offset)
    .as('page');
  return db
    .selectFrom(ids)
    .innerJoin('products', 'products.id', 'page.id')
    .selectAll('products')
    .orderBy(`products.${column}`, direction)
    .orderBy('products.id');
}

function explainDuplicate(error: unknown): never {
  throw violatesUnique(error, 'products_sku') ? shopProblems.skuTaken() : error;
}
