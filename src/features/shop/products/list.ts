import type { Kysely } from 'kysely';
import { windowOf } from '../context.ts';
import type { ShopTables } from '../tables.ts';
import { COLUMNS, directionOf, filtered } from './filters.ts';
import type { ProductRow } from './repository.ts';
import type { ProductQuery } from './schemas.ts';
import { type SearchLimits, searchProducts } from './search-repository.ts';

/** One page of the products that a query asks for, and how many there are. */
export async function listProducts(
  db: Kysely<ShopTables>,
  query: ProductQuery,
  limits: SearchLimits,
): Promise<{ count: number; rows: ProductRow[] }> {
  const { offset, limit } = windowOf(query);
  if (query.search?.trim()) {
    const ids = await searchProducts(db, query, limits);
    const rows = await readProducts(db, query, ids.slice(offset, offset + limit));
    return { count: ids.length, rows };
  }
  const count = Number((await countQuery(db, query).executeTakeFirstOrThrow()).count);
  // To skip all rows takes as long as to read them.
  return { count, rows: offset < count ? await pageQuery(db, query).execute() : [] };
}

async function readProducts(
  db: Kysely<ShopTables>,
  query: ProductQuery,
  ids: string[],
): Promise<ProductRow[]> {
  if (ids.length === 0) return [];
  return db
    .selectFrom('products')
    .selectAll()
    .where('id', 'in', ids)
    .orderBy(COLUMNS[query.ordering.replace('-', '')]!, directionOf(query))
    .orderBy('id')
    .execute();
}

export function countQuery(db: Kysely<ShopTables>, query: ProductQuery) {
  return filtered(db.selectFrom('products'), query).select(({ fn }) =>
    fn.countAll<number | string>().as('count'),
  );
}

/** An index finds the ids of the page; only the rows of the page itself are read. */
export function pageQuery(db: Kysely<ShopTables>, query: ProductQuery) {
  const column = COLUMNS[query.ordering.replace('-', '')]!;
  const direction = directionOf(query);
  const { offset, limit } = windowOf(query);
  const ids = filtered(db.selectFrom('products'), query)
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
