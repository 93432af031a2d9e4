/**
 * What accounts cost, as ratios of one run: `npm run bench:accounts`. On SQLite, and on the servers that
 * TEST_POSTGRES_URL and TEST_MYSQL_URL name.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { hash } from '@node-rs/argon2';
import autocannon from 'autocannon';
import { freePort } from '../test/helpers/free-port.ts';
import { databases, type TestDatabase } from '../test/helpers/test-databases.ts';
import { openRefreshSql } from './lib/refresh-sql.ts';

const ROUNDS = 3;
const ROUND_TIME = 2000;
const PEOPLE = 40;
const PASSWORD = 'correct horse battery';

const agent = new Agent({ keepAlive: true, maxSockets: 64 });

interface Server {
  url: string;
  databaseUrl: string;
  stop(): Promise<void>;
}
interface Tokens {
  access_token: string;
  refresh_token: string;
}

async function startServer(database: TestDatabase): Promise<Server> {
  const { url: databaseUrl, drop } = await database.create();
  const dataDir = await mkdtemp(join(tmpdir(), 'tally-bench-'));
  const port = await freePort();
  const child: ChildProcess = spawn(
    process.execPath,
    [new URL('../src/server.ts', import.meta.url).pathname],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        ...process.env,
        DATABASE_URL: databaseUrl,
        DATA_DIR: dataDir,
        PORT: String(port),
        PASSWORD_THREADS: '2',
        ATTEMPTS_PER_ADDRESS: '1000000',
        REGISTRATIONS_PER_ADDRESS: '1000000',
        MAX_EVENT_LOOP_DELAY: '0',
      },
    },
  );
  await new Promise<void>((resolve) => {
    child.stdout!.on('data', (chunk) => String(chunk).includes('listens') && resolve());
  });
  return {
    url: `http://127.0.0.1:${port}`,
    databaseUrl,
    async stop() {
      child.kill('SIGKILL');
      await rm(dataDir, { recursive: true });
      await drop();
    },
  };
}

async function send(method: string, url: string, body?: unknown, token?: string) {
  const call = request(url, {
    method,
    agent,
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
  });
  call.end(body === undefined ? undefined : JSON.stringify(body));
  const [response] = (await once(call, 'response')) as [IncomingMessage];
  let text = '';
  for await (const chunk of response) text += chunk;
  if (response.statusCode! >= 300) throw new Error(`${url}: ${response.statusCode} ${text}`);
  return text;
}

const post = async <T>(url: string, body: unknown, token?: string) =>
  JSON.parse(await send('POST', url, body, token)) as T;

/** How often `work` is done in a second by so many workers. */
async function rate(workers: number, work: (worker: number) => Promise<unknown>): Promise<number> {
  const start = performance.now();
  let done = 0;
  const loop = async (worker: number) => {
    while (performance.now() - start < ROUND_TIME) {
      await work(worker);
      done++;
    }
  };
  await Promise.all(Array.from({ length: workers }, (_, worker) => loop(worker)));
  return (done * 1000) / (performance.now() - start);
}

/** Both by turns, so that whatever else the machine does meets both; the median of the ratios. */
async function ratio(ours: () => Promise<number>, theirs: () => Promise<number>) {
  const ratios: number[] = [];
  for (let round = 0; round < ROUNDS; round++) ratios.push((await ours()) / (await theirs()));
  return ratios.toSorted((a, b) => a - b)[Math.floor(ROUNDS / 2)]!;
}

const argon2 = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

async function signInRatio({ url }: Server): Promise<number> {
  return ratio(
    () => rate(8, (worker) => signIn(url, worker)),
    () => rate(2, () => hash(PASSWORD, argon2)),
  );
}

const nameOf = (index: number) => `person-${index}@example.com`;
const signIn = (url: string, index: number) =>
  post<Tokens>(`${url}/accounts/login`, { username: nameOf(index), password: PASSWORD });

/** The 99th percentile of /health/live while 40 sign-ins are in flight, less that of an idle server; in ms. */
async function healthDelay({ url }: Server): Promise<number> {
  const probe = async () => {
    const times: number[] = [];
    const end = performance.now() + ROUND_TIME * ROUNDS;
    while (performance.now() < end) {
      const start = performance.now();
      await send('GET', `${url}/health/live`);
      times.push(performance.now() - start);
      await setTimeout(5);
    }
    return times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.99)]!;
  };
  const idle = await probe();
  let busy = true;
  const load = Array.from({ length: PEOPLE }, async (_, index) => {
    while (busy) await signIn(url, index);
  });
  const loaded = await probe();
  busy = false;
  await Promise.all(load);
  return loaded - idle;
}

async function sumRatio({ url }: Server): Promise<number> {
  const account = (await signIn(url, 0)).access_token;
  const credentials = { username: 'guest', password: 'any' };
  const guest = (await post<Tokens>(`${url}/auth`, credentials)).access_token;
  const sums = (token: string) => async () => {
    const result = await autocannon({
      url: `${url}/sum`,
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: '[1,2,3,4]',
      connections: 16,
      duration: ROUND_TIME / 1000,
    });
    if (result.non2xx + result.errors > 0) throw new Error('a sum has failed');
    return result.requests.average;
  };
  await sums(guest)();
  return ratio(sums(account), sums(guest));
}

async function refreshRatio({ url, databaseUrl }: Server): Promise<number> {
  const workers = 8;
  const tokens: Tokens[] = [];
  for (let index = 0; index < workers; index++) tokens.push(await signIn(url, index));
  const refresh = async (worker: number) => {
    const { refresh_token } = tokens[worker]!;
    tokens[worker] = await post<Tokens>(`${url}/accounts/refresh`, { refresh_token });
  };
  const sql = await openRefreshSql(databaseUrl, workers);
  const result = await ratio(
    () => rate(workers, refresh),
    () => rate(workers, (worker) => sql.refresh(worker)),
  );
  await sql.close();
  return result;
}

const rows: string[][] = [];
for (const database of databases) {
  const server = await startServer(database);
  try {
    for (let index = 0; index < PEOPLE; index++) {
      await post(`${server.url}/accounts`, { email: nameOf(index), password: PASSWORD });
    }
    rows.push([
      database.name,
      (await signInRatio(server)).toFixed(2),
      `${(await healthDelay(server)).toFixed(1)} ms`,
      (await sumRatio(server)).toFixed(2),
      (await refreshRatio(server)).toFixed(2),
    ]);
    process.stderr.write(`${rows.at(-1)!.join('  ')}\n`);
  } finally {
    await server.stop();
  }
}
agent.destroy();
const head = [
  'database',
  'sign-ins ÷ hashes',
  'health p99, busy − idle',
  '/sum: account ÷ guest',
  'refreshes ÷ SQL',
];
for (const row of [head, head.map(() => '---'), ...rows]) {
  process.stdout.write(`| ${row.join(' | ')} |\n`);
}
