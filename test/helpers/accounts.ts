import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll } from 'vitest';
import { createStore } from '../../src/features/accounts/store.ts';
import type { AccountTables } from '../../src/features/accounts/tables.ts';
import type { TestDatabase } from './databases.ts';
import { startServer, type TestServer } from './server.ts';

/**
 * Settings for tests of anything but the cost of hashes: cheap hashes, and no refusals while other tests keep the
 * machine busy.
 */
export const CHEAP_HASHES = {
  PASSWORD_MEMORY: '64',
  PASSWORD_PASSES: '1',
  MAX_EVENT_LOOP_DELAY: '0',
  REGISTRATIONS_PER_ADDRESS: '1000000',
};

export const PASSWORD = 'correct horse battery';

/** Starts a server with a database of its own for all tests of a suite. */
export function serverOn(
  database: TestDatabase,
  environment: Record<string, string> = {},
): { readonly current: TestServer; readonly databaseUrl: string } {
  let server: TestServer;
  let made: Awaited<ReturnType<TestDatabase['create']>>;
  beforeAll(async () => {
    made = await database.create();
    server = await startServer({ DATABASE_URL: made.url, ...CHEAP_HASHES, ...environment });
  });
  afterAll(async () => {
    await server?.close();
    await made?.drop();
  });
  return {
    get current() {
      return server;
    },
    get databaseUrl() {
      return made.url;
    },
  };
}

export interface Tokens {
  access_token: string;
  refresh_token: string;
}

/** Sends JSON. */
export function send(
  { url }: { url: string },
  method: string,
  path: string,
  options: { body?: unknown; token?: string | undefined; headers?: Record<string, string> } = {},
): Promise<Response> {
  const { body, token, headers } = options;
  return fetch(url + path, {
    method,
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

/** Returns the JSON of an answer, which must have the given status. */
export async function expectJson<T = Record<string, unknown>>(
  answer: Promise<Response>,
  status = 200,
): Promise<T> {
  const response = await answer;
  const text = await response.text();
  if (response.status !== status)
    throw new Error(`${response.status} in place of ${status}: ${text}`);
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

export interface TestAccount {
  id: string;
  email: string;
  username: string;
}

/** Registers an account with a random name. */
export async function register(
  server: { url: string },
  members: Record<string, unknown> = {},
): Promise<TestAccount> {
  const body = { email: freshEmail(), password: PASSWORD, ...members };
  return expectJson<TestAccount>(send(server, 'POST', '/accounts', { body }), 201);
}

export const freshEmail = () => `${randomBytes(6).toString('hex')}@example.com`;

export async function signIn(
  server: { url: string },
  { username }: { username: string },
  password = PASSWORD,
): Promise<Tokens> {
  const body = { username, password };
  return expectJson<Tokens>(send(server, 'POST', '/accounts/login', { body }));
}

/** Creates an administrator and signs in. */
export async function signedInAdministrator(server: TestServer) {
  const account = await register(server);
  const { accounts } = createStore(server.app.database.as<AccountTables>());
  await accounts.update(account.id, { role: 'admin' });
  return { account, token: (await signIn(server, account)).access_token };
}

export const me = (server: { url: string }, token: string) =>
  send(server, 'GET', '/accounts/me', { token });
