/**
 * Compares the shop with plain SQL, as ratios of one run: `npm run bench:shop`. On SQLite, and on the servers that
 * TEST_POSTGRES_URL and TEST_MYSQL_URL name.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import autocannon from 'autocannon';
import { loadConfig } from '../src/config.ts';
import { type Database, openDatabase } from '../src/database/database.ts';
import { migrate } from '../src/database/migrate.ts';
import type { AccountTables } from '../src/features/accounts/tables.ts';
import type { ShopTables } from '../src/features/shop/tables.ts';
import { migrations } from '../src/migrations.ts';
import { freePort } from '../test/helpers/free-port.ts';
import { addManyProducts } from '../test/helpers/many-products.ts';
import { databases, type TestDatabase } from '../test/helpers/test-databases.ts';
import { type Driver, openDriver } from './lib/driver.ts';
import { orderBySql, pageBySql } from './lib/order-sql.ts';
import { median } from './lib/statistics.ts';

const CLIENTS = 32;
const ROUNDS = 3;
const ROUND_SECONDS = 3;
const ORDERED_PRODUCTS = 1000;
const PRODUCTS = 100_000;
const PASSWORD = 'correct horse battery';

interface Bench {
  url: string;
  token: string;
  session: string;
  products: string[];
  driver: Driver;
}

async function withServer<T>(database: TestDatabase, use: (bench: Bench) => Promise<T>) {
  const { url: databaseUrl, drop } = await database.create();
  const dataDir = await mkdtemp(join(tmpdir(), 'tally-bench-'));
  const { database: config } = loadConfig({ DATABASE_URL: databaseUrl });
  await migrate(config, migrations);
  const direct = openDatabase<ShopTables>(config);
  const products = await addManyProducts(direct, PRODUCTS);
  const stock = { quantity_in_stock: 1_000_000_000 };
  const ordered = products.slice(0, ORDERED_PRODUCTS);
  await direct.db.updateTable('products').set(stock).where('id', 'in', ordered).execute();
  const server = await startServer(databaseUrl, dataDir);
  const driver = openDriver(databaseUrl);
  try {
    const token = await signIn(server.url);
    const session = await anySession(direct);
    return await use({ url: server.url, token, session, products: ordered, driver });
  } finally {
    await driver.close();
    await direct.close();
    await server.stop();
    await rm(dataDir, { recursive: true });
    await drop();
  }
}

async function startServer(databaseUrl: string, dataDir: string) {
  const port = await freePort();
  const child = spawn(process.execPath, [new URL('../src/server.ts', import.meta.url).pathname], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      ...process.env,
      DATABASE_URL: databaseUrl,
      DATA_DIR: dataDir,
      PORT: String(port),
      LOG_LEVEL: 'warn',
      MAX_EVENT_LOOP_DELAY: '0',
      REGISTRATIONS_PER_ADDRESS: '1000000',
    },
  });
  const url = `http://127.0.0.1:${port}`;
  while (!(await fetch(`${url}/health/ready`).catch(() => undefined))?.ok) {
    if (child.exitCode !== null) throw new Error('the server did not start');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const stop = async () => {
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };
  return { url, stop };
}

async function signIn(url: string): Promise<string> {
  const post = async (path: string, body: object) => {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(url + path, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as { access_token: string };
  };
  await post('/accounts', { email: 'ada@example.com', password: PASSWORD });
  const credentials = { email: 'ada@example.com', password: PASSWORD };
  return (await post('/accounts/login', credentials)).access_token;
}

async function anySession(database: Database<ShopTables>): Promise<string> {
  const { db } = database.as<AccountTables>();
  return (await db.selectFrom('sessions').select('id').executeTakeFirstOrThrow()).id;
}

/** Both by turns, so that whatever else the machine does meets both; the first turn warms up. */
async function compare(ours: () => Promise<number>, theirs: () => Promise<number>) {
  const rates: [number, number][] = [];
  for (let round = 0; round <= ROUNDS; round++) rates.push([await ours(), await theirs()]);
  const counted = rates.slice(1);
  return {
    ours: median(counted.map(([own]) => own)),
    ratio: median(counted.map(([own, other]) => own / other)),
  };
}

/** Requests a second over HTTP; each client takes them in an order of its own. */
async function overHttp({ url, token }: Bench, requests: autocannon.Request[]): Promise<number> {
  const result = await autocannon({
    url,
    connections: CLIENTS,
    duration: ROUND_SECONDS,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    setupClient: (client) => {
      const start = Math.floor(Math.random() * requests.length);
      client.setRequests([...requests.slice(start), ...requests.slice(0, start)]);
    },
  });
  if (result.non2xx + result.errors > 0) {
    throw new Error(`${result.non2xx} requests were refused and ${result.errors} failed`);
  }
  return result.requests.total / result.duration;
}

/** How often work is done in a second by as many workers as there are clients. */
async function straight(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  let done = 0;
  const worker = async () => {
    while (performance.now() - start < ROUND_SECONDS * 1000) {
      await work();
      done++;
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, worker));
  return (done * 1000) / (performance.now() - start);
}

async function orders(bench: Bench, products: string[]) {
  const requests = products.map((product) => ({
    method: 'POST' as const,
    path: '/orders',
    body: JSON.stringify({ parts: [{ product, quantity_in_order: 1 }] }),
  }));
  const anyProduct = () => products[Math.floor(Math.random() * products.length)]!;
  return compare(
    () => overHttp(bench, requests),
    () => straight(() => orderBySql(bench.driver, anyProduct(), bench.session)),
  );
}

async function pages(bench: Bench, page: number) {
  const path = `/products?in_stock=true&ordering=price&page=${page}`;
  return compare(
    () => overHttp(bench, [{ method: 'GET', path }]),
    () => straight(() => pageBySql(bench.driver, page, 50)),
  );
}

const show = ({ ours, ratio }: { ours: number; ratio: number }) =>
  `${ratio.toFixed(2)} (${Math.round(ours)}/s)`;

const rows: string[][] = [];
for (const database of databases) {
  await withServer(database, async (bench) => {
    rows.push([
      database.name,
      show(await orders(bench, bench.products)),
      show(await orders(bench, bench.products.slice(0, 1))),
      show(await pages(bench, 1)),
      show(await pages(bench, 1000)),
    ]);
  });
  process.stderr.write(`${rows.at(-1)!.join('  ')}\n`);
}
const head = [
  'database',
  'orders ÷ SQL',
  'orders of one product ÷ SQL',
  'page 1 ÷ SQL',
  'page 1,000 ÷ SQL',
];
for (const row of [head, head.map(() => '---'), ...rows]) {
  process.stdout.write(`| ${row.join(' | ')} |\n`);
}
