import { type Compilable, CompiledQuery } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../../src/config.ts';
import { type Database, openDatabase } from '../../../src/database/database.ts';
import { migrate } from '../../../src/database/migrate.ts';
import type { ShopTables } from '../../../src/database/tables/shop.ts';
import { countQuery, listProducts, pageQuery } from '../../../src/features/shop/catalogue/list.ts';
import type { ProductQuery } from '../../../src/features/shop/catalogue/schemas.ts';
import { databases } from '../../helpers/databases.ts';
import { addManyProducts } from '../../helpers/many-products.ts';

const COUNT = 100_000;
const TABLES = ['products', 'product_words'];

interface Step {
  table: string;
  /** Undefined where the whole table is read. */
  index: string | undefined;
}

/** How the database goes about a query: each table that it reads, and by which index. */
async function planOf(database: Database<ShopTables>, query: Compilable): Promise<Step[]> {
  const compiled = query.compile();
  const prefix = {
    sqlite: 'explain query plan ',
    postgres: 'explain (format json) ',
    mysql: 'explain ',
  };
  const explain = CompiledQuery.raw(
    prefix[database.kind] + compiled.sql,
    compiled.parameters as unknown[],
  );
  const { rows } = await database.db.executeQuery<Record<string, unknown>>(explain);
  const steps = {
    sqlite: () => rows.flatMap(({ detail }) => sqliteStep(String(detail))),
    postgres: () => postgresSteps((rows[0]!['QUERY PLAN'] as [{ Plan: PostgresNode }])[0].Plan),
    mysql: () => rows.map(mysqlStep),
  }[database.kind]();
  return steps.filter(({ table }) => TABLES.includes(table));
}

function sqliteStep(detail: string): Step[] {
  const match =
    /^(?:SCAN|SEARCH) (\w+)(?: USING (?:COVERING )?INDEX (\w+)| USING (PRIMARY KEY))?/.exec(detail);
  return match ? [{ table: match[1]!, index: match[2] ?? match[3] }] : [];
}

interface PostgresNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  Plans?: PostgresNode[];
}

function postgresSteps(node: PostgresNode, table = ''): Step[] {
  const relation = node['Relation Name'] ?? table;
  const inner = (node.Plans ?? []).flatMap((plan) => postgresSteps(plan, relation));
  // A bitmap of an index comes before the rows that it names.
  if (node['Node Type'] === 'Bitmap Heap Scan') return inner;
  if (!node['Node Type'].endsWith('Scan')) return inner;
  return [{ table: relation, index: node['Index Name'] }, ...inner];
}

function mysqlStep(row: Record<string, unknown>): Step {
  return { table: String(row.table), index: row.key === null ? undefined : String(row.key) };
}

describe.for(databases)('among 100,000 products on $name', (kind) => {
  let database: Database<ShopTables>;
  let drop = async () => {};
  beforeAll(async () => {
    const made = await kind.create();
    const { database: config } = loadConfig({ DATABASE_URL: made.url });
    await migrate(config);
    database = openDatabase<ShopTables>(config);
    drop = async () => {
      await database.close();
      await made.drop();
    };
    await addManyProducts(database, COUNT);
  }, 120_000);
  afterAll(() => drop());

  const asked = (query: Partial<ProductQuery>): ProductQuery => ({
    page: 1,
    limit: 50,
    ordering: '-created',
    ...query,
  });

  it.each<[Partial<ProductQuery>, number, string]>([
    [{}, COUNT, 'products'],
    [{ ordering: 'price' }, COUNT, 'products'],
    [{ ordering: 'name' }, COUNT, 'products'],
    [{ ordering: 'quantity_in_stock' }, COUNT, 'products'],
    [{ category: 'category 3', ordering: 'price' }, COUNT / 20, 'products'],
    [{ category: 'category 3', ordering: 'price', page: 100 }, COUNT / 20, 'products'],
    [{ category: 'category 3', min_price: 1000, max_price: 2000 }, 50, 'products'],
    [{ min_price: 500, max_price: 600 }, 101, 'products'],
    [{ min_stock: 7, max_stock: 8 }, 199, 'products'],
    [{ in_stock: false }, 100, 'products'],
    [{ search: 'word77' }, 200, 'product_words'],
    [{ search: 'GREEN130 blue110' }, 200, 'product_words'],
    [{ search: 'word7', ordering: 'price' }, 2200, 'product_words'],
    [{ search: 'product word77', in_stock: true }, 200, 'product_words'],
  ])('finds %j by indexes', async (query, count, table) => {
    const whole = asked(query);
    const found = await listProducts(database.db, whole);
    expect(Math.abs(found.count - count)).toBeLessThanOrEqual(Math.max(2, count / 50));
    expect(found.rows).toHaveLength(Math.min(50, found.count));
    const page = pageQuery(database.db, whole);
    // To count all of a table, it may as well be read.
    const statements = found.count === COUNT ? [page] : [countQuery(database.db, whole), page];
    for (const statement of statements) {
      const steps = await planOf(database, statement);
      expect(steps.map((step) => step.table)).toContain(table);
      expect(steps.filter(({ index }) => index === undefined)).toEqual([]);
    }
  });
});
