import { type Compilable, CompiledQuery } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadConfig } from '../../../../src/config.ts';
import { type Database, openDatabase } from '../../../../src/database/database.ts';
import { migrate } from '../../../../src/database/migrate.ts';
import {
  filteredProducts,
  orderingOf,
  pageOfProducts,
} from '../../../../src/features/shop/products/repository.ts';
import type { ProductQuery } from '../../../../src/features/shop/products/schemas.ts';
import {
  matchingProducts,
  rankWords,
  type SearchLimits,
  wordCounts,
} from '../../../../src/features/shop/products/search-repository.ts';
import { searchWords } from '../../../../src/features/shop/products/search-words.ts';
import { createProductService } from '../../../../src/features/shop/products/service.ts';
import { createStore } from '../../../../src/features/shop/store.ts';
import type { ShopTables } from '../../../../src/features/shop/tables.ts';
import { sliceOf } from '../../../../src/http/pages.ts';
import { createIdempotency } from '../../../../src/idempotency/idempotency.ts';
import type { IdempotencyTables } from '../../../../src/idempotency/tables.ts';
import { migrations } from '../../../../src/migrations.ts';
import { describeOnEachDatabase } from '../../../helpers/databases.ts';
import { addManyProducts } from '../../../helpers/many-products.ts';

const COUNT = 100_000;
const TABLES = ['products', 'product_words'];
const LIMITS: SearchLimits = loadConfig({}).shop.search;

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
  'Actual Rows'?: number;
  'Actual Loops'?: number;
  'Rows Removed by Filter'?: number;
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

async function expectIndexes(database: Database<ShopTables>, query: Compilable, table: string) {
  const steps = (await planOf(database, query)).filter((step) => step.table === table);
  expect(steps.length).toBeGreaterThan(0);
  expect(steps.filter(({ index }) => index === undefined)).toEqual([]);
}

const productsOf = (database: Database<ShopTables>) =>
  createProductService(
    createStore(database, createIdempotency(database.as<IdempotencyTables>(), 0)),
  );

const sliceFor = (query: ProductQuery) => sliceOf(query, orderingOf(query));
const list = (database: Database<ShopTables>, query: ProductQuery) =>
  productsOf(database).list(query, sliceFor(query), LIMITS);
const pageFor = (database: Database<ShopTables>, query: ProductQuery) =>
  pageOfProducts(database.db, database.kind, query, sliceFor(query));

const countOfProducts = (db: Database<ShopTables>['db'], query: ProductQuery) =>
  filteredProducts(db, query).select(({ fn }) => fn.countAll().as('count'));

/** The two statements of a search: how rare its words are, and which products have them. */
async function searchStatements(database: Database<ShopTables>, query: ProductQuery) {
  const words = searchWords(query.search!);
  const counts = wordCounts(database.db, words, LIMITS);
  const ranked = rankWords(words, await counts.executeTakeFirstOrThrow());
  const { db, kind } = database;
  return [counts, matchingProducts(db, kind, query, sliceFor(query), ranked, LIMITS)];
}

/** Number of rows that a server reads for a query; SQLite does not say. */
async function readsOf(
  { kind, db }: Database<ShopTables>,
  query: Compilable,
): Promise<number | undefined> {
  const { sql, parameters } = query.compile();
  const run = async <Row>(statement: string, values: readonly unknown[] = []) =>
    (await db.executeQuery<Row>(CompiledQuery.raw(statement, [...values]))).rows;
  if (kind === 'postgres') {
    const [row] = await run<{ 'QUERY PLAN': [{ Plan: PostgresNode }] }>(
      `explain (analyze, format json) ${sql}`,
      parameters,
    );
    return readsIn(row!['QUERY PLAN'][0].Plan);
  }
  if (kind === 'sqlite') return undefined;
  await run('flush status');
  await run(sql, parameters);
  const rows = await run<{ Value: string }>("show session status like 'Handler_read%'");
  return rows.reduce((sum, { Value }) => sum + Number(Value), 0);
}

function readsIn(node: PostgresNode): number {
  const inner = (node.Plans ?? []).reduce((sum, plan) => sum + readsIn(plan), 0);
  if (!node['Node Type'].endsWith('Scan')) return inner;
  const rows = (node['Actual Rows'] ?? 0) + (node['Rows Removed by Filter'] ?? 0);
  return inner + Math.max(1, rows) * (node['Actual Loops'] ?? 0);
}

describeOnEachDatabase('among 100,000 products on $name', (kind) => {
  let database: Database<ShopTables>;
  let drop = async () => {};
  beforeAll(async () => {
    const made = await kind.create();
    const { database: config } = loadConfig({ DATABASE_URL: made.url });
    await migrate(config, migrations);
    database = openDatabase<ShopTables>({ ...config, poolSize: 1 });
    drop = async () => {
      await database.close();
      await made.drop();
    };
    await addManyProducts(database, COUNT);
  }, 120_000);
  afterAll(() => drop());

  const asked = (query: Partial<ProductQuery>): ProductQuery => ({
    limit: 50,
    ordering: '-created',
    ...query,
  });

  it.each<[Partial<ProductQuery>, number]>([
    [{}, COUNT],
    [{ ordering: 'price' }, COUNT],
    [{ ordering: 'name' }, COUNT],
    [{ ordering: 'quantity_in_stock' }, COUNT],
    [{ category: 'category 3', ordering: 'price' }, COUNT / 20],
    [{ category: 'category 3', ordering: 'price', page: 100 }, COUNT / 20],
    [{ category: 'category 3', min_price: 1000, max_price: 2000 }, 50],
    [{ min_price: 500, max_price: 600 }, 101],
    [{ min_stock: 7, max_stock: 8 }, 199],
    [{ in_stock: false }, 100],
  ])('finds %j by indexes', async (query, count) => {
    const whole = asked(query);
    const found = await list(database, whole);
    expect(Math.abs(found.count - count)).toBeLessThanOrEqual(Math.max(2, count / 50));
    // One more than the limit shows that another page follows.
    const left = found.count - (whole.page ?? 1) * 50;
    expect(found.rows).toHaveLength(left > 0 ? 51 : 50 + left);
    const page = pageFor(database, whole);
    // To count all of a table, it may as well be read.
    const statements = found.count === COUNT ? [page] : [countOfProducts(database.db, whole), page];
    for (const statement of statements) await expectIndexes(database, statement, 'products');
  });

  it.each<[Partial<ProductQuery>, number]>([
    [{ search: 'word77' }, 200],
    [{ search: 'GREEN130 blue110' }, 200],
    [{ search: 'word7', ordering: 'price' }, 2200],
    [{ search: 'product word77', in_stock: true }, 200],
    [{ search: 'common to all word77 blue121 green143 product' }, 200],
  ])('finds all of %j by indexes', async (query, count) => {
    const whole = asked(query);
    const found = await list(database, whole);
    expect(Math.abs(found.count - count)).toBeLessThanOrEqual(2);
    expect(found.rows).toHaveLength(51);
    for (const statement of await searchStatements(database, whole)) {
      await expectIndexes(database, statement, 'product_words');
    }
  });

  it('finds the first products in the order of a search for words that most products have', async () => {
    const query = asked({ search: 'common product', ordering: 'price', limit: 200 });
    const found = await list(database, query);
    const first = await pageFor(database, query).execute();
    expect(found.count).toBe(Math.ceil(LIMITS.reads / 3));
    expect(found.rows).toEqual(first);
    const last = await list(database, { ...query, page: 34 });
    expect(last.rows).toHaveLength(67);
    expect((await list(database, { ...query, page: 35 })).rows).toEqual([]);
  });

  it.each<Partial<ProductQuery>>([
    { search: 'p w c t a b g pr wo co' },
    { search: 'p w c t a b g pr wo co', ordering: 'name', in_stock: true, page: 100 },
    { search: '0 1 2 3 4 5 6 7 8 9', ordering: '-price' },
    { search: 'p' },
    { search: 'common' },
  ])('reads no more than it may for %j', async (query) => {
    const statements = await searchStatements(database, asked(query));
    for (const statement of statements) {
      const reads = await readsOf(database, statement);
      // Rows are read from an index, from the table, and to sort them. Beside that, a server may read the
      // products once, and sort them; without the limit, it would read them once for each word.
      if (reads !== undefined) expect(reads).toBeLessThan(4 * LIMITS.reads + 2 * COUNT);
      await expectIndexes(database, statement, 'product_words');
    }
  });

  it('refuses a search of more words than it may have', async () => {
    const search = Array.from({ length: LIMITS.words + 1 }, (_, index) => `w${index}`).join(' ');
    await expect(list(database, asked({ search }))).rejects.toMatchObject({
      code: 'validation_failed',
      errors: [{ path: '/search' }],
    });
  });
});
