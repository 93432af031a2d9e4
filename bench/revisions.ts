/**
 * Measures the throughput of this checkout, divided by that of an earlier revision, in one run:
 * `scripts/bench revisions -- REVISION`. Rounds of both alternate, on SQLite, with cheap password hashes. Each round has new
 * processes: the compiler of Node makes the same code up to a fifth faster or slower from one process to the next.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import autocannon from 'autocannon';
import Sqlite from 'better-sqlite3';
import sharp from 'sharp';
import { root } from '../test/helpers/process.ts';
import { median, pairedRatio } from './lib/measure.ts';
import { post } from './lib/requests.ts';
import { startTally } from './lib/servers.ts';

const ROUNDS = 7;
const WARM_UP_SECONDS = 1;
const SECONDS = 3;
const CONNECTIONS = 16;
const PERSON = { email: 'bench@example.com', password: 'correct horse battery' };
const BOUNDARY = 'boundary-of-the-bench';

const ENVIRONMENT = {
  MAX_EVENT_LOOP_DELAY: '0',
  MAX_CONNECTION_SHARE: '1',
  PASSWORD_MEMORY: '8',
  PASSWORD_PASSES: '1',
  ATTEMPTS_PER_ACCOUNT: '1000',
};

const [revision] = process.argv.slice(2);
if (revision === undefined || revision.startsWith('-')) {
  console.error('Usage: scripts/bench revisions -- REVISION');
  process.exit(2);
}
const before = await checkOut(revision);
try {
  await compare([root, before]);
} finally {
  git('worktree', 'remove', '--force', before);
}

/** Checks a revision out into a folder of its own, with its dependencies and its engine. */
async function checkOut(name: string): Promise<string> {
  const folder = join(await mkdtemp(join(tmpdir(), 'tally-revision-')), 'checkout');
  git('worktree', 'add', '--detach', folder, name);
  execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: folder,
    stdio: 'inherit',
  });
  const env = { ...process.env, PATH: `${folder}/node_modules/.bin:${process.env.PATH}` };
  execFileSync('scripts/lib/build-engine', { cwd: folder, env, stdio: 'inherit' });
  return folder;
}

function git(...parameters: string[]): void {
  execFileSync('git', parameters, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
}

async function prepareWorkloads(
  url: string,
  databasePath: string,
): Promise<Record<string, autocannon.Options>> {
  const guest = await post(`${url}/auth`, { username: 'bench', password: 'bench' });
  await post(`${url}/accounts`, PERSON);
  if (!existsSync(databasePath)) throw new Error('this bench needs SQLite');
  const database = new Sqlite(databasePath);
  database.exec(`update accounts set role = 'admin', tier = 'premium'`);
  database.exec('update tiers set quota_bytes = 1000000000000');
  database.close();
  const { access_token } = await post(`${url}/accounts/login`, PERSON);
  const product = await post(
    `${url}/products`,
    { name: 'Bench', description: '', price: 100, currency: 'EUR', quantity_in_stock: 1e9 },
    access_token,
  );
  const order = { parts: [{ product: product.id, quantity_in_order: 1 }] };
  const sum = JSON.stringify({ a: [1.5, 2, -3e2], b: { c: 40_000 } });
  return {
    'small sums': request(url, '/sum', sum, guest.access_token),
    orders: request(url, '/orders', JSON.stringify(order), access_token),
    'sign-ins': request(url, '/accounts/login', JSON.stringify(PERSON)),
    uploads: request(url, '/images', await photographForm(), access_token),
  };
}

function request(url: string, path: string, body: string | Buffer, token = ''): autocannon.Options {
  const type =
    typeof body === 'string' ? 'application/json' : `multipart/form-data; boundary=${BOUNDARY}`;
  const headers = { 'content-type': type, ...(token && { authorization: `Bearer ${token}` }) };
  return { url: url + path, method: 'POST', headers, body };
}

async function photographForm(): Promise<Buffer> {
  const noise = { type: 'gaussian', mean: 128, sigma: 40 } as const;
  const create = { width: 640, height: 480, channels: 3, background: 'black', noise } as const;
  const image = await sharp({ create }).jpeg().toBuffer();
  const head = 'Content-Disposition: form-data; name="image"; filename="photograph.jpg"';
  return Buffer.concat([
    Buffer.from(`--${BOUNDARY}\r\n${head}\r\nContent-Type: image/jpeg\r\n\r\n`),
    image,
    Buffer.from(`\r\n--${BOUNDARY}--\r\n`),
  ]);
}

/** Prints the median of the ratios of the rounds for each workload. */
async function compare([ours, theirs]: [string, string]): Promise<void> {
  const rounds: Record<string, { ours: number[]; theirs: number[] }> = {};
  for (let round = 0; round < ROUNDS; round++) {
    const order = round % 2 ? (['ours', 'theirs'] as const) : (['theirs', 'ours'] as const);
    for (const side of order) {
      const rates = await measureAll(side === 'ours' ? ours : theirs);
      for (const [name, rate] of Object.entries(rates)) {
        rounds[name] ??= { ours: [], theirs: [] };
        rounds[name][side].push(rate);
      }
    }
  }
  for (const [name, rates] of Object.entries(rounds)) {
    const ratio = pairedRatio(rates.ours, rates.theirs).toFixed(3);
    const perSecond = `${median(rates.ours).toFixed(0)} against ${median(rates.theirs).toFixed(0)} a second`;
    console.log(`${name.padEnd(12)} ${ratio}   ${perSecond}`);
  }
}

/** Starts the server of a checkout, and returns its requests per second for each workload. */
async function measureAll(checkout: string): Promise<Record<string, number>> {
  const command = [process.execPath, join(checkout, 'src/server.ts')] as const;
  const { url, dataDir, close } = await startTally(ENVIRONMENT, command);
  try {
    const rates: Record<string, number> = {};
    const workloads = await prepareWorkloads(url, join(dataDir, 'tally.db'));
    for (const [name, workload] of Object.entries(workloads)) {
      await measure(workload, WARM_UP_SECONDS);
      rates[name] = await measure(workload, SECONDS);
    }
    return rates;
  } finally {
    await close();
  }
}

async function measure(workload: autocannon.Options, duration: number): Promise<number> {
  const result = await autocannon({
    ...workload,
    connections: CONNECTIONS,
    duration,
    sampleInt: 250,
  });
  if (result.non2xx + result.errors > 0) {
    throw new Error(`${workload.url}: ${result.non2xx} refused, ${result.errors} failed`);
  }
  return result['2xx'] / result.duration;
}
