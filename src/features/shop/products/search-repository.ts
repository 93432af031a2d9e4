import { expressionBuilder, type Kysely, sql } from 'kysely';
import type { DatabaseKind } from '../../../database/database.ts';
import { isAfter, type Slice, sortedBy } from '../../../database/keyset.ts';
import type { ShopTables } from '../tables.ts';
import { filteredProducts, type ProductFilter } from './repository.ts';
import { prefixRange } from './search-words.ts';

/** Bounds the work of a search, which anyone may ask for. */
export interface SearchLimits {
  /** Most different words of a search. */
  words: number;
  /** Most entries of the word index that are read to find products. */
  reads: number;
}

/** A word with the number of its index entries, counted up to one more than are examined. */
export interface RankedWord {
  word: string;
  entries: number;
}

/** Rows in one statement; SQLite takes 32,766 parameters. */
const CHUNK = 1000;

/** The index of the words of products. */
export function createSearchRepository(db: Kysely<ShopTables>, kind: DatabaseKind) {
  return {
    async replaceWords(productId: string, words: readonly string[]): Promise<void> {
      await db.deleteFrom('product_words').where('product_id', '=', productId).execute();
      for (let start = 0; start < words.length; start += CHUNK) {
        const chunk = words.slice(start, start + CHUNK);
        const rows = chunk.map((word) => ({ word, product_id: productId }));
        await db.insertInto('product_words').values(rows).execute();
      }
    },

    /**
     * Counts the products that have each of the words, or a word that begins with it, and returns the ids of a
     * slice of them. Only products with the rarest word are examined; if even they are too many, only the
     * first products of the catalogue in the order of the slice are.
     */
    async find(query: ProductFilter, slice: Slice, words: string[], limits: SearchLimits) {
      const counts = await wordCounts(db, words, limits).executeTakeFirstOrThrow();
      const ranked = rankWords(words, counts);
      const rows = await matchingProducts(db, kind, query, slice, ranked, limits).execute();
      const rest = rows.filter(({ is_after }) => Number(is_after) === 1);
      const page = rest.slice(slice.offset, slice.offset + slice.limit + 1);
      return { count: rows.length, ids: page.map(({ id }) => id) };
    },
  };
}

/** Returns the words, the rarest first, from a row of {@link wordCounts}. */
export function rankWords(words: string[], counts: Record<string, unknown>): RankedWord[] {
  return words
    .map((word, index) => ({ word, entries: Number(counts[`n${index}`]) }))
    .toSorted((a, b) => a.entries - b.entries);
}

/** Most products that are examined: each costs one read to find it, and one for each word. */
function maxExamined(words: readonly unknown[], { reads }: SearchLimits): number {
  return Math.ceil(reads / (words.length + 1));
}

/** Selects the number of index entries of each word, as `n0`, `n1` and so on. */
export function wordCounts(db: Kysely<ShopTables>, words: string[], limits: SearchLimits) {
  return db.selectNoFrom((is) =>
    words.map((word, index) =>
      is
        .selectFrom(
          entriesOf(word)
            .select('product_id')
            .limit(maxExamined(words, limits) + 1)
            .as('entries'),
        )
        .select(({ fn }) => fn.countAll<number>().as('n'))
        .as(`n${index}`),
    ),
  );
}

/** Selects the ids of the products that match, in the order of a slice; `is_after` is 0 before the slice, else 1. */
export function matchingProducts(
  db: Kysely<ShopTables>,
  kind: DatabaseKind,
  query: ProductFilter,
  { ordering, after }: Slice,
  ranked: RankedWord[],
  limits: SearchLimits,
) {
  const [rarest, ...others] = ranked;
  const limit = maxExamined(ranked, limits);
  const isRare = rarest!.entries <= limit;
  const candidates = filteredProducts(
    db,
    query,
    isRare ? productsWith(db, rarest!.word) : undefined,
  )
    .select(['products.id', sql.ref(`products.${ordering[0].column}`).as(ordering[0].column)])
    .$if(!isRare, (all) => sortedBy(all, ordering, 'products'))
    .limit(limit);
  const wanted = isRare ? others : ranked;
  const found = wanted.reduce(
    (matching, { word }) => matching.where(({ exists }) => exists(entryOf(word))),
    db.selectFrom(candidates.as('candidates')),
  );
  const isAfterStart = after ? isAfter(kind, ordering, after) : sql`1 = 1`;
  return sortedBy(found, ordering).select([
    'candidates.id',
    sql<number>`case when ${isAfterStart} then 1 else 0 end`.as('is_after'),
  ]);
}

/** Selects an index entry of a word, or of one that begins with it, for a candidate. */
function entryOf(word: string) {
  return (
    entriesOf(word)
      .select(sql.lit(1).as('one'))
      .where('product_id', '=', sql.ref<string>('candidates.id'))
      // Keeps servers from reading all entries of the word to join them.
      .limit(1)
      .offset(0)
  );
}

/** Selects the products that have a word, or one that begins with it. */
function productsWith(db: Kysely<ShopTables>, word: string): ReturnType<typeof filteredProducts> {
  const ids = entriesOf(word).select('product_id').distinct().as('entries');
  return db.selectFrom(ids).innerJoin('products', 'products.id', 'entries.product_id') as never;
}

/** Selects the index entries of a word, and of those that begin with it. */
function entriesOf(word: string) {
  const { first, end } = prefixRange(word);
  return expressionBuilder<ShopTables>()
    .selectFrom('product_words')
    .where('word', '>=', first)
    .where('word', '<', end);
}
