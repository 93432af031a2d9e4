import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import autocannon from 'autocannon';
import { loadConfig } from '../src/config.ts';
import { type Database, openDatabase } from '../src/database/database.ts';
import { migrate } from '../src/database/migrate.ts';
import type { AccountTables } from '../src/features/accounts/tables.ts';
import type { ShopTables } from '../src/features/shop/tables.ts';
import { migrations } from '../src/migrations.ts';
import { addManyProducts } from '../test/helpers/many-products.ts';
import { databases, type TestDatabase } from '../test/helpers/test-databases.ts';
import { type Driver, openDriver } from './lib/driver.ts';
import { latencyDuring } from './lib/latency.ts';
import { measureInTurn, median, pairedRatio, printTable, rateOf } from './lib/measure.ts';
import { orderBySql, pageBySql } from './lib/order-by-sql.ts';
import { post } from './lib/requests.ts';
import { startTally } from './lib/servers.ts';

const CLIENTS = 32;
const ROUND_SECONDS = 2;
const ORDERED_PRODUCTS = 1000;
const PRODUCTS = 100_000;
const PASSWORD = 'correct horse battery';
const ENVIRONMENT = { MAX_EVENT_LOOP_DELAY: '0', REGISTRATIONS_PER_ADDRESS: '1000000' };

const USAGE = `Usage: scripts/bench shop -- [--database sqlite|postgres|mysql] [--rounds N]

Compares the shop with plain SQL, as ratios of one run, on SQLite and the servers that TEST_POSTGRES_URL and TEST_MYSQL_URL
name. "one order at a time" is the latency of orders of one client, divided by that of their SQL; "health" the 99th percentile
of /health/live in ms while orders are placed, minus that of an idle server.
`;

const { values: options } = parseArgs({
  options: {
    database: { type: 'string' },
    rounds: { type: 'string', default: '5' },
    help: { type: 'boolean', default: false },
  },
});
const ROUNDS = Number(options.rounds);

interface Bench {
  url: string;
  token: string;
  session: string;
  products: string[];
  driver: Driver;
}

async function withServer<T>(database: TestDatabase, use: (bench: Bench) => Promise<T>) {
  const { url: databaseUrl, drop } = await database.create();
  const { database: config } = loadConfig({ DATABASE_URL: databaseUrl });
  await migrate(config, migrations);
  const direct = openDatabase<ShopTables>(config);
  const products = await addManyProducts(direct, PRODUCTS);
  const stock = { quantity_in_stock: 1_000_000_000 };
  const ordered = products.slice(0, ORDERED_PRODUCTS);
  await direct.db.updateTable('products').set(stock).where('id', 'in', ordered).execute();
  const server = await startTally({ ...ENVIRONMENT, DATABASE_URL: databaseUrl });
  const driver = openDriver(databaseUrl);
  try {
    const token = await signIn(server.url);
    const session = await anySession(direct);
    return await use({ url: server.url, token, session, products: ordered, driver });
  } finally {
    await driver.close();
    await direct.close();
    await server.close();
    await drop();
  }
}

async function signIn(url: string): Promise<string> {
  const credentials = { email: 'ada@example.com', password: PASSWORD };
  await post(`${url}/accounts`, credentials);
  return (await post<{ access_token: string }>(`${url}/accounts/login`, credentials)).access_token;
}

async function anySession(database: Database<ShopTables>): Promise<string> {
  const { db } = database.as<AccountTables>();
  return (await db.selectFrom('sessions').select('id').executeTakeFirstOrThrow()).id;
}

async function compare(ours: () => Promise<number>, theirs: () => Promise<number>) {
  const [own, other] = await measureInTurn(ROUNDS, [ours, theirs], (measure) => measure());
  return `${pairedRatio(own!, other!).toFixed(2)} (${Math.round(median(own!))}/s)`;
}

/** Returns the rate of requests over HTTP. Each client begins at another one of them. */
async function overHttp(
  { url, token }: Bench,
  requests: autocannon.Request[],
  connections = CLIENTS,
): Promise<number> {
  const result = await autocannon({
    url,
    connections,
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

const ordersOf = (products: string[]) =>
  products.map((product) => ({
    method: 'POST' as const,
    path: '/orders',
    body: JSON.stringify({ parts: [{ product, quantity_in_order: 1 }] }),
  }));

function ratesOfOrders(bench: Bench, products: string[], clients: number) {
  const anyProduct = () => products[Math.floor(Math.random() * products.length)]!;
  return [
    () => overHttp(bench, ordersOf(products), clients),
    () =>
      rateOf(clients, ROUND_SECONDS, () => orderBySql(bench.driver, anyProduct(), bench.session)),
  ] as const;
}

const orders = (bench: Bench, products: string[]) =>
  compare(...ratesOfOrders(bench, products, CLIENTS));

async function latencyOfOneOrder(bench: Bench) {
  const contenders = ratesOfOrders(bench, bench.products, 1);
  const [own, other] = await measureInTurn(ROUNDS, contenders, (measure) => measure());
  return `${pairedRatio(other!, own!).toFixed(2)} (${(1000 / median(own!)).toFixed(2)} ms)`;
}

async function healthDelay(bench: Bench) {
  const idle = () => latencyDuring(bench, () => setTimeout(ROUND_SECONDS * 1000));
  const busy = () => latencyDuring(bench, () => overHttp(bench, ordersOf(bench.products)));
  const [before, during] = await measureInTurn(ROUNDS, [idle, busy], (measure) => measure());
  const delays = during!.map((latency, round) => latency - before![round]!);
  return `${median(delays).toFixed(1)} ms`;
}

async function pages(bench: Bench, page: number) {
  const path = `/products?in_stock=true&ordering=price&page=${page}`;
  return compare(
    () => overHttp(bench, [{ method: 'GET', path }]),
    () => rateOf(CLIENTS, ROUND_SECONDS, () => pageBySql(bench.driver, page, 50)),
  );
}

const COLUMNS: Record<string, (bench: Bench) => Promise<string>> = {
  'orders ÷ SQL': (bench) => orders(bench, bench.products),
  'orders of one product ÷ SQL': (bench) => orders(bench, bench.products.slice(0, 1)),
  'one order at a time ÷ SQL': latencyOfOneOrder,
  'health p99, orders − idle': healthDelay,
  'page 1 ÷ SQL': (bench) => pages(bench, 1),
  'page 1,000 ÷ SQL': (bench) => pages(bench, 1000),
};

async function measureAll(): Promise<void> {
  const rows = [['database', ...Object.keys(COLUMNS)]];
  for (const database of databases) {
    if (options.database !== undefined && options.database !== database.kind) continue;
    const row = [database.name];
    await withServer(database, async (bench) => {
      for (const [title, measure] of Object.entries(COLUMNS)) {
        row.push(await measure(bench));
        process.stderr.write(`${database.name}, ${title}: ${row.at(-1)}\n`);
      }
    });
    rows.push(row);
  }
  printTable(rows);
}

if (options.help) process.stdout.write(USAGE);
else await measureAll();
