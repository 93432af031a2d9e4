import { expressionBuilder, type Kysely, type SelectQueryBuilder } from 'kysely';
import type { ProductsTable, ShopTables } from '../../../database/tables/shop.ts';
import type { ProductRow } from './repository.ts';
import type { ProductQuery } from './schemas.ts';
import { rangeOf, wordsOf } from './words.ts';

type Products<O> = SelectQueryBuilder<ShopTables, 'products', O>;

const COLUMNS: Record<string, keyof ProductsTable> = {
  name: 'name',
  price: 'price',
  quantity_in_stock: 'quantity_in_stock',
  created: 'created_at',
};

/** One page of the products that a query asks for, and how many there are. */
export async function listProducts(
  db: Kysely<ShopTables>,
  query: ProductQuery,
): Promise<{ count: number; rows: ProductRow[] }> {
  const { count } = await countQuery(db, query).executeTakeFirstOrThrow();
  return { count: Number(count), rows: await pageQuery(db, query).execute() };
}

export function countQuery(db: Kysely<ShopTables>, query: ProductQuery) {
  const { page, limit, ordering, search, ...filters } = query;
  const isOnlySearch = Object.values(filters).every((value) => value === undefined);
  const [word, ...others] = wordsOf(search ?? '');
  if (!word || !isOnlySearch) {
    return filter(db.selectFrom('products'), query).select(({ fn }) =>
      fn.countAll<number>().as('count'),
    );
  }
  // The words know their products; these themselves need not be looked at.
  return others
    .reduce(
      (found, other) => found.where('product_id', 'in', idsOf(other)),
      withWord(db.selectFrom('product_words'), word),
    )
    .select(({ fn }) => fn.count<number>('product_id').distinct().as('count'));
}

/** An index finds the ids of the page; only the rows of the page itself are read. */
export function pageQuery(db: Kysely<ShopTables>, query: ProductQuery) {
  const { page, limit, ordering } = query;
  const column = COLUMNS[ordering.replace('-', '')]!;
  const direction = ordering.startsWith('-') ? 'desc' : 'asc';
  const ids = filter(db.selectFrom('products'), query)
    .select('id')
    .orderBy(column, direction)
    .orderBy('id')
    .limit(limit)
    .offset((page - 1) * limit)
    .as('page');
  return db
    .selectFrom(ids)
    .innerJoin('products', 'products.id', 'page.id')
    .selectAll('products')
    .orderBy(`products.${column}`, direction)
    .orderBy('products.id');
}

function filter<O>(products: Products<O>, query: ProductQuery): Products<O> {
  const { min_price, max_price, min_stock, max_stock, in_stock, category } = query;
  let found = products;
  if (min_price !== undefined) found = found.where('price', '>=', min_price);
  if (max_price !== undefined) found = found.where('price', '<=', max_price);
  if (min_stock !== undefined) found = found.where('quantity_in_stock', '>=', min_stock);
  if (max_stock !== undefined) found = found.where('quantity_in_stock', '<=', max_stock);
  if (in_stock !== undefined) found = found.where('quantity_in_stock', in_stock ? '>' : '=', 0);
  if (category !== undefined) found = found.where('category', '=', category);
  return query.search?.trim() ? search(found, query.search) : found;
}

/** Products that have each of the words, or a word that begins with it. */
function search<O>(products: Products<O>, text: string): Products<O> {
  const words = wordsOf(text);
  if (words.length === 0) return products.where('id', '=', 'none');
  return words.reduce((found, word) => found.where('id', 'in', idsOf(word)), products);
}

function idsOf(word: string) {
  const words = expressionBuilder<ShopTables>().selectFrom('product_words');
  return withWord(words, word).select('product_id');
}

/** The word itself, and those that begin with it. */
function withWord<O>(
  words: SelectQueryBuilder<ShopTables, 'product_words', O>,
  word: string,
): SelectQueryBuilder<ShopTables, 'product_words', O> {
  const { first, end } = rangeOf(word);
  return words.where('word', '>=', first).where('word', '<', end);
}
