import { expressionBuilder, type Kysely, sql } from 'kysely';
import { problems } from '../../../http/problem.ts';
import type { ShopTables } from '../tables.ts';
import { COLUMNS, directionOf, filtered, type Products } from './filters.ts';
import type { ProductQuery } from './schemas.ts';
import { rangeOf, wordsOf } from './search-words.ts';

/** Bounds the work of a search, which anyone may ask for. */
export interface SearchLimits {
  /** Most different words of a search. */
  words: number;
  /** Most entries of the index of words that are read to find products. */
  reads: number;
}

/**
 * The ids of the products that have each of the words, or a word that begins with it, in the order that
 * the query asks for. The products of the rarest word are looked at; where even those are too many, the
 * first of the catalogue in that order are.
 *
 * @throws {Problem} `validation_failed`
 */
export async function searchProducts(
  db: Kysely<ShopTables>,
  query: ProductQuery,
  limits: SearchLimits,
): Promise<string[]> {
  const words = wordsOf(query.search ?? '');
  if (words.length > limits.words) throw tooManyWords(limits);
  if (words.length === 0) return [];
  const ranked = await rank(db, words, limits);
  const rows = await searchQuery(db, query, ranked, limits).execute();
  return rows.map(({ id }) => id);
}

/** Most products that are looked at: an entry of the index is read to find each, and one for each word. */
function mostProducts(words: readonly unknown[], { reads }: SearchLimits): number {
  return Math.ceil(reads / (words.length + 1));
}

/** A word with the number of its entries in the index, counted up to one more than are looked at. */
export interface RankedWord {
  word: string;
  entries: number;
}

/** The words, the rarest first. */
async function rank(
  db: Kysely<ShopTables>,
  words: string[],
  limits: SearchLimits,
): Promise<RankedWord[]> {
  const row = (await rankQuery(db, words, limits).executeTakeFirstOrThrow()) as Record<
    string,
    number | string
  >;
  return words
    .map((word, index) => ({ word, entries: Number(row[`n${index}`]) }))
    .toSorted((a, b) => a.entries - b.entries);
}

export function rankQuery(db: Kysely<ShopTables>, words: string[], limits: SearchLimits) {
  return db.selectNoFrom((is) =>
    words.map((word, index) =>
      is
        .selectFrom(
          entriesOf(word)
            .select('product_id')
            .limit(mostProducts(words, limits) + 1)
            .as('entries'),
        )
        .select(({ fn }) => fn.countAll<number>().as('n'))
        .as(`n${index}`),
    ),
  );
}

export function searchQuery(
  db: Kysely<ShopTables>,
  query: ProductQuery,
  ranked: RankedWord[],
  limits: SearchLimits,
) {
  const [rarest, ...others] = ranked;
  const most = mostProducts(ranked, limits);
  const column = COLUMNS[query.ordering.replace('-', '')]!;
  const isRare = rarest!.entries <= most;
  const looked = isRare
    ? filtered(productsWith(db, rarest!.word), query)
        .select(['products.id', `products.${column}`])
        .limit(most)
    : filtered(db.selectFrom('products'), query)
        .select(['products.id', `products.${column}`])
        .orderBy(`products.${column}`, directionOf(query))
        .orderBy('products.id')
        .limit(most);
  const wanted = isRare ? others : [rarest!, ...others];
  return wanted
    .reduce(
      (found, { word }) =>
        found.where(({ exists }) =>
          exists(
            entriesOf(word)
              .select(sql.lit(1).as('one'))
              .where('product_id', '=', sql.ref<string>('looked.id'))
              // Keeps servers from reading all entries of the word to join them.
              .limit(1)
              .offset(0),
          ),
        ),
      db.selectFrom(looked.as('looked')),
    )
    .select('looked.id')
    .orderBy(`looked.${column}`, directionOf(query))
    .orderBy('looked.id');
}

function productsWith(db: Kysely<ShopTables>, word: string): Products<object> {
  const ids = entriesOf(word).select('product_id').distinct().as('entries');
  return db.selectFrom(ids).innerJoin('products', 'products.id', 'entries.product_id') as never;
}

/** The index's entries of the word itself, and of those that begin with it. */
function entriesOf(word: string) {
  const { first, end } = rangeOf(word);
  return expressionBuilder<ShopTables>()
    .selectFrom('product_words')
    .where('word', '>=', first)
    .where('word', '<', end);
}

function tooManyWords({ words }: SearchLimits) {
  const message = `must not have more than ${words} different words`;
  return problems.validationFailed(undefined, { errors: [{ path: '/search', message }] });
}
