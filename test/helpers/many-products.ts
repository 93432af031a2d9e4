import { sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import type { Database } from '../../src/database/database.ts';
import { searchWords } from '../../src/features/shop/products/search-words.ts';
import type { ProductsTable, ShopTables } from '../../src/features/shop/tables.ts';

const CHUNK = 2000;
const CATEGORIES = 20;
/** Number of different words of each kind: of 100,000 products, 200 have `word123`. */
const WORDS = 500;

/** Fills a migrated, empty catalogue with products that differ in everything that can be queried. */
export async function addManyProducts(
  database: Database<ShopTables>,
  count: number,
): Promise<string[]> {
  const { db } = database;
  const ids: string[] = [];
  for (let start = 0; start < count; start += CHUNK) {
    const length = Math.min(CHUNK, count - start);
    const products = Array.from({ length }, (_, index) => productOf(start + index));
    const words = products.flatMap(({ id, name, description }) =>
      searchWords(`${name}\n${description}`).map((word) => ({ word, product_id: id })),
    );
    await database.transaction(async (trx) => {
      await trx.insertInto('products').values(products).execute();
      for (let from = 0; from < words.length; from += 5 * CHUNK) {
        const some = words.slice(from, from + 5 * CHUNK);
        await trx.insertInto('product_words').values(some).execute();
      }
    });
    ids.push(...products.map(({ id }) => id));
  }
  // Database servers do this by themselves after a while.
  const analyze = { sqlite: 'analyze', postgres: 'vacuum analyze', mysql: 'analyze table' };
  for (const table of ['products', 'product_words']) {
    await sql.raw(`${analyze[database.kind]} ${table}`).execute(db);
  }
  return ids;
}

function productOf(index: number): ProductsTable {
  // Multipliers that share no factor with the moduli spread the values evenly.
  return {
    id: uuidv7(),
    name: `Product ${index} word${(index * 7) % WORDS}`,
    description: `Common to all, blue${(index * 11) % WORDS} and green${(index * 13) % WORDS}.`,
    sku: `SKU-${index}`,
    category: `category ${(index * 17) % CATEGORIES}`,
    price: (index * 7919) % 100_003,
    currency: 'EUR',
    quantity_in_stock: (index * 104_729) % 1009,
    photos: '[]',
    version: 1,
    created_at: 1_700_000_000_000 + index,
    updated_at: 1_700_000_000_000 + index,
  };
}
