/** Measures what limits per client cost, and what one client can do to another, as ratios of one run: `scripts/bench clients`. */
import { spawn } from 'node:child_process';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import autocannon from 'autocannon';
import { loadConfig } from '../src/config.ts';
import { openDatabase } from '../src/database/database.ts';
import type { ShopTables } from '../src/features/shop/tables.ts';
import { addManyProducts } from '../test/helpers/many-products.ts';
import { mainThreadTimeOf, memoryOf } from '../test/helpers/process-usage.ts';
import { measureInTurn, median, pairedRatio } from './lib/measure.ts';
import { post, send } from './lib/requests.ts';
import { type Contender, NO_RATES, startTallyForGuest } from './lib/servers.ts';

const ROUNDS = Number(process.env.ROUNDS ?? 5);
const SECONDS = 3;

const benches: Record<string, () => Promise<void>> = {
  cost: measureCost,
  crowd: measureCrowd,
  uploads: measureUploads,
  pipelining: measurePipelining,
};
const wanted = process.argv.slice(2).filter((name) => name in benches);
for (const name of wanted.length > 0 ? wanted : Object.keys(benches)) await benches[name]!();

async function measureCost(): Promise<void> {
  const REDIS_URL = process.env.TEST_REDIS_URL ?? '';
  const contenders = {
    off: await startTallyForGuest(NO_RATES),
    on: await startTallyForGuest(),
    ...(REDIS_URL && { 'on, with Redis': await startTallyForGuest({ REDIS_URL }) }),
  };
  const costs = await measureInTurn(ROUNDS, Object.values(contenders), sendSmall);
  console.log('Small documents to /sum, with limits on requests');
  console.table(
    Object.keys(contenders).map((limits, index) => ({
      limits,
      'µs of processor time': Math.round(median(costs[index]!)),
      'as fast as without': pairedRatio(costs[0]!, costs[index]!).toFixed(3),
    })),
  );
  for (const contender of Object.values(contenders)) await contender.close();
}

/** Returns the microseconds of processor time for each document, which depend less on other work of the machine than rates. */
async function sendSmall(contender: Contender, connections = 32): Promise<number> {
  const { url, headers } = contender;
  const before = mainThreadTimeOf(contender);
  const result = await autocannon({
    url: `${url}/sum`,
    method: 'POST',
    headers,
    body: '{"items":[1,2.5,3]}',
    connections,
    duration: SECONDS,
  });
  if (result.non2xx > 0) throw new Error(`${result.non2xx} requests failed`);
  return ((mainThreadTimeOf(contender) - before) * 1000) / result.requests.total;
}

interface Shop {
  tally: Contender;
  token: string;
  order: string;
}

/** Starts a server with an account and a product that is never sold out. */
async function startShop(): Promise<Shop> {
  const tally = await startTallyForGuest({ MAX_EVENT_LOOP_DELAY: '0' });
  const config = loadConfig({ DATA_DIR: tally.dataDir });
  const database = openDatabase<ShopTables>(config.database);
  const [product] = await addManyProducts(database, 1);
  await database.db.updateTable('products').set({ quantity_in_stock: 1e9 }).execute();
  await database.close();
  const credentials = { email: 'ada@example.com', password: 'correct horse battery' };
  await post(`${tally.url}/accounts`, credentials);
  const { access_token } = await post(`${tally.url}/accounts/login`, credentials);
  const order = JSON.stringify({ parts: [{ product, quantity_in_order: 1 }] });
  return { tally, token: access_token!, order };
}

/** Returns percentiles 50 and 99 of the latency of another client's request, in ms, while `work` runs. */
async function latencyDuring(
  url: string,
  token: string,
  body: string,
  work: () => Promise<unknown>,
): Promise<number[]> {
  const path = fileURLToPath(new URL('contenders/other-client.ts', import.meta.url));
  const child = spawn(process.execPath, [path, url, token, body], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await work();
  child.stdin.end();
  return JSON.parse(await text(child.stdout));
}

function printLatencies(title: string, [alone, beside]: number[][], crowd: string): void {
  console.log(title);
  console.table(
    [alone!, beside!].map(([p50, p99], index) => ({
      beside: index === 0 ? 'nobody' : crowd,
      'p50, ms': p50!.toFixed(1),
      'p99, ms': p99!.toFixed(1),
      'times p50': (p50! / alone![0]!).toFixed(2),
      'times p99': (p99! / alone![1]!).toFixed(2),
    })),
  );
}

async function measureCrowd(): Promise<void> {
  const { tally, token, order } = await startShop();
  const url = `${tally.url}/orders`;
  const alone = await latencyDuring(url, token, order, () => setTimeout(SECONDS * 1000));
  const beside = await latencyDuring(url, token, order, () => sendSmall(tally, 2000));
  printLatencies('An order', [alone, beside], '2,000 connections of one client on /sum');
  await tally.close();
}

async function measureUploads(): Promise<void> {
  const tally = await startTallyForGuest({ MAX_EVENT_LOOP_DELAY: '0' });
  const url = `${tally.url}/sum`;
  const token = tally.headers.authorization!.slice('Bearer '.length);
  const alone = await latencyDuring(url, token, '[1,2]', () => setTimeout(SECONDS * 1000));
  const chunk = Buffer.from('1.25,'.repeat(200_000));
  const document = [Buffer.from('['), ...Array<Buffer>(100).fill(chunk), Buffer.from('0]')];
  let bytes = 0;
  const upload = async () => {
    const { status } = await send('POST', url, tally.headers, document);
    if (status === 200) bytes += 100e6;
    else throw new Error(`an upload was answered ${status}`);
  };
  const started = performance.now();
  const beside = await latencyDuring(url, token, '[1,2]', () =>
    Promise.all(Array.from({ length: 60 }, upload)),
  );
  const rate = bytes / 1e6 / (performance.now() - started);
  printLatencies('A small sum', [alone, beside], '60 uploads of 100 MB of one client');
  console.log(`The uploads: ${rate.toFixed(2)} GB/s`);
  await tally.close();
}

/** Sends pipelined requests on many connections, and never reads an answer. */
async function measurePipelining(): Promise<void> {
  const tally = await startTallyForGuest({ MAX_EVENT_LOOP_DELAY: '0' });
  const requests = 'GET /openapi.json HTTP/1.1\r\nhost: x\r\n\r\n'.repeat(100);
  const before = memoryOf(tally).now;
  const sockets: Socket[] = [];
  let slowest = 0;
  let isRunning = true;
  const probe = async () => {
    while (isRunning) {
      const { ms } = await send('GET', `${tally.url}/health/live`);
      slowest = Math.max(slowest, ms);
    }
  };
  const probing = probe();
  for (let index = 0; index < 1900; index++) {
    sockets.push(
      connect(tally.port, '127.0.0.3')
        .pause()
        .on('error', () => undefined),
    );
  }
  await setTimeout(1000);
  for (const socket of sockets) socket.write(requests);
  await setTimeout(8000);
  isRunning = false;
  await probing;
  const { now, peak } = memoryOf(tally);
  const mib = (bytes: number) => Math.round(bytes / 2 ** 20);
  console.log('1,900 connections with 100 pipelined requests each, whose answers nobody reads');
  console.table([
    {
      'slowest /health/live, ms': Math.round(slowest),
      'RSS before, MiB': mib(before),
      'RSS after, MiB': mib(now),
      'peak, MiB': mib(peak),
    },
  ]);
  for (const socket of sockets) socket.destroy();
  await tally.close();
}
