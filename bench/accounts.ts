import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { hash } from '@node-rs/argon2';
import autocannon from 'autocannon';
import { databases, type TestDatabase } from '../test/helpers/test-databases.ts';
import { openDriver } from './lib/driver.ts';
import { measureInTurn, pairedRatio, printTable, rateOf } from './lib/measure.ts';
import { refreshBySql } from './lib/refresh-by-sql.ts';
import { post, send } from './lib/requests.ts';
import { startTally } from './lib/servers.ts';

const USAGE = `Usage: scripts/bench accounts -- [--database sqlite|postgres|mysql] [--rounds N]

Measures accounts as ratios of one run, on SQLite and the servers that TEST_POSTGRES_URL and TEST_MYSQL_URL name.
`;

const { values: options } = parseArgs({
  options: {
    database: { type: 'string' },
    rounds: { type: 'string', default: '5' },
    help: { type: 'boolean', default: false },
  },
});
const ROUNDS = Number(options.rounds);
const ROUND_SECONDS = 2;
const PEOPLE = 40;
const PASSWORD = 'correct horse battery';
const ENVIRONMENT = {
  PASSWORD_THREADS: '2',
  ATTEMPTS_PER_ADDRESS: '1000000',
  REGISTRATIONS_PER_ADDRESS: '1000000',
  MAX_EVENT_LOOP_DELAY: '0',
};

interface Tokens {
  access_token: string;
  refresh_token: string;
}

async function ratioOf(ours: () => Promise<number>, theirs: () => Promise<number>) {
  const [own, other] = await measureInTurn(ROUNDS, [ours, theirs], (measure) => measure());
  return pairedRatio(own!, other!);
}

const argon2 = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

function signInRatio(url: string): Promise<number> {
  return ratioOf(
    () => rateOf(8, ROUND_SECONDS, (worker) => signIn(url, worker)),
    () => rateOf(2, ROUND_SECONDS, () => hash(PASSWORD, argon2)),
  );
}

const nameOf = (index: number) => `person-${index}@example.com`;
const signIn = (url: string, index: number) =>
  post<Tokens>(`${url}/accounts/login`, { username: nameOf(index), password: PASSWORD });

/** Returns the 99th percentile of /health/live in milliseconds, with 40 sign-ins in flight minus that of an idle server. */
async function healthDelay(url: string): Promise<number> {
  const probe = async () => {
    const times: number[] = [];
    const end = performance.now() + ROUND_SECONDS * 1000 * ROUNDS;
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

async function sumRatio(url: string): Promise<number> {
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
      duration: ROUND_SECONDS,
    });
    if (result.non2xx + result.errors > 0) throw new Error('a sum has failed');
    return result.requests.average;
  };
  return ratioOf(sums(account), sums(guest));
}

async function refreshRatio(url: string, databaseUrl: string): Promise<number> {
  const workers = 8;
  const tokens: Tokens[] = [];
  for (let index = 0; index < workers; index++) tokens.push(await signIn(url, index));
  const refresh = async (worker: number) => {
    const { refresh_token } = tokens[worker]!;
    tokens[worker] = await post<Tokens>(`${url}/accounts/refresh`, { refresh_token });
  };
  const driver = openDriver(databaseUrl);
  const refreshStraight = await refreshBySql(driver);
  const ratio = await ratioOf(
    () => rateOf(workers, ROUND_SECONDS, refresh),
    () => rateOf(workers, ROUND_SECONDS, refreshStraight),
  );
  await driver.close();
  return ratio;
}

async function measureRow({ name, create }: TestDatabase): Promise<string[]> {
  const { url: databaseUrl, drop } = await create();
  const { url, close } = await startTally({ ...ENVIRONMENT, DATABASE_URL: databaseUrl });
  try {
    for (let index = 0; index < PEOPLE; index++) {
      await post(`${url}/accounts`, { email: nameOf(index), password: PASSWORD });
    }
    return [
      name,
      (await signInRatio(url)).toFixed(2),
      `${(await healthDelay(url)).toFixed(1)} ms`,
      (await sumRatio(url)).toFixed(2),
      (await refreshRatio(url, databaseUrl)).toFixed(2),
    ];
  } finally {
    await close();
    await drop();
  }
}

async function measureAll(): Promise<void> {
  const rows = [
    [
      'database',
      'sign-ins ÷ hashes',
      'health p99, busy − idle',
      '/sum: account ÷ guest',
      'refreshes ÷ SQL',
    ],
  ];
  for (const database of databases) {
    if (options.database !== undefined && options.database !== database.kind) continue;
    rows.push(await measureRow(database));
    process.stderr.write(`${rows.at(-1)!.join('  ')}\n`);
  }
  printTable(rows);
}

if (options.help) process.stdout.write(USAGE);
else await measureAll();
