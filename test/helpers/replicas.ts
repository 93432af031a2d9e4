import { afterAll, beforeAll } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { type Database, openDatabase } from '../../src/database/database.ts';
import type { AccountTables } from '../../src/features/accounts/tables.ts';
import type { ShopTables } from '../../src/features/shop/tables.ts';
import { CHEAP_HASHES, register, signIn } from './accounts.ts';
import type { TestDatabase } from './databases.ts';
import { type ServerProcess, startServerProcess } from './process.ts';

interface Options {
  /** Returns the URL of the database for one of the servers. */
  urlOf?: (url: string, index: number) => string;
  settings?: Record<string, string>;
}

/** Longest start of a cluster of databases and of the servers, on a busy machine. */
const START_TIMEOUT_MS = 240_000;

/** Starts several server processes with one database, and an administrator, for all tests of a suite. */
export function replicasOn(
  database: TestDatabase,
  count: number,
  { urlOf = (url) => url, settings = {} }: Options = {},
) {
  const state = {
    replicas: [] as ServerProcess[],
    admin: '',
    database: undefined as unknown as Database<ShopTables>,
  };
  let drop = async () => undefined as unknown;
  beforeAll(async () => {
    const created = await database.create();
    drop = created.drop;
    state.database = openDatabase<ShopTables>(loadConfig({ DATABASE_URL: created.url }).database);
    const environment = {
      ...CHEAP_HASHES,
      DATABASE_URL: urlOf(created.url, 0),
      PUBLIC_URL: 'http://shop.test',
      LOG_LEVEL: 'error',
      ...settings,
    };
    const first = await startServerProcess(environment);
    state.replicas.push(first);
    const shared = { ...environment, DATA_DIR: first.dataDir };
    while (state.replicas.length < count) {
      const DATABASE_URL = urlOf(created.url, state.replicas.length);
      state.replicas.push(await startServerProcess({ ...shared, DATABASE_URL }));
    }
    state.admin = await createAdministrator(first, state.database);
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    await Promise.all(state.replicas.map((replica) => replica.close()));
    await state.database?.close();
    await drop();
  });
  return state;
}

async function createAdministrator(
  server: ServerProcess,
  database: Database<ShopTables>,
): Promise<string> {
  const account = await register(server);
  const { db } = database.as<AccountTables>();
  await db.updateTable('accounts').set({ role: 'admin' }).where('id', '=', account.id).execute();
  return (await signIn(server, account)).access_token;
}
