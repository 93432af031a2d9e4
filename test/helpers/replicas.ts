import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { type Database, openDatabase } from '../../src/database/database.ts';
import type { AccountTables } from '../../src/features/accounts/tables.ts';
import type { ShopTables } from '../../src/features/shop/tables.ts';
import { CHEAP_HASHES, register, signIn } from './accounts.ts';
import type { TestDatabase } from './databases.ts';
import { freePort } from './free-port.ts';
import { root } from './process.ts';

/** One of several servers, each a process of its own, on one database. */
export interface Replica {
  url: string;
  kill(): Promise<void>;
  /** As it was before, on the same port. */
  restart(): Promise<void>;
}

/** Several servers with an administrator, for all tests of a suite. */
export function replicasOn(database: TestDatabase, count: number) {
  const state = {
    replicas: [] as Replica[],
    admin: '',
    database: undefined as unknown as Database<ShopTables>,
  };
  let cleanUp = async () => undefined as unknown;
  beforeAll(async () => {
    const made = await database.create();
    const dataDir = await mkdtemp(join(tmpdir(), 'tally-test-'));
    state.database = openDatabase<ShopTables>(loadConfig({ DATABASE_URL: made.url }).database);
    cleanUp = async () => {
      await Promise.all(state.replicas.map((replica) => replica.kill()));
      await state.database.close();
      await rm(dataDir, { recursive: true });
      await made.drop();
    };
    const environment = {
      ...CHEAP_HASHES,
      DATABASE_URL: made.url,
      DATA_DIR: dataDir,
      PUBLIC_URL: 'http://shop.test',
      LOG_LEVEL: 'error',
    };
    for (let made = 0; made < count; made++) state.replicas.push(await startReplica(environment));
    state.admin = await makeAdministrator(state.replicas[0]!, state.database);
  });
  afterAll(() => cleanUp());
  return state;
}

async function startReplica(environment: Record<string, string>): Promise<Replica> {
  const port = String(await freePort());
  const url = `http://localhost:${port}`;
  let child: ChildProcess;
  const start = async () => {
    child = spawn(process.execPath, ['src/server.ts'], {
      cwd: root,
      env: { ...process.env, ...environment, PORT: port },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    await untilReady(url, child);
  };
  await start();
  return {
    url,
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
    restart: start,
  };
}

async function untilReady(url: string, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 300 && child.exitCode === null; tries++) {
    const answer = await fetch(`${url}/health/ready`).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('the server did not become ready');
}

async function makeAdministrator(
  replica: Replica,
  database: Database<ShopTables>,
): Promise<string> {
  const account = await register(replica);
  const { db } = database.as<AccountTables>();
  await db.updateTable('accounts').set({ role: 'admin' }).where('id', '=', account.id).execute();
  return (await signIn(replica, account)).access_token;
}
