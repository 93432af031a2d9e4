import { afterEach, vi } from 'vitest';
import {
  ApiError,
  type ErrorCode,
  Tally,
  type TokenSet,
  type TokenStore,
} from '../../generated-client/src/index.ts';
import { PASSWORD, register } from '../helpers/accounts.ts';
import { failureOf } from './fault-server.ts';

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

afterEach(() => {
  vi.useRealTimers();
});

/** Moves the clock of the client and the server; timers go on as they are. */
export function travel(milliseconds: number) {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + milliseconds });
}

/** Makes a store whose tokens are visible. */
export function openStore(tokens?: TokenSet) {
  return {
    tokens,
    load() {
      return this.tokens;
    },
    save(next: TokenSet) {
      this.tokens = next;
    },
    clear() {
      this.tokens = undefined;
    },
  };
}

type Send = typeof fetch;

/** Makes a client that records the method and path of its requests, which `send` sends. */
export function watchedClient(
  { url }: { url: string },
  tokenStore: TokenStore = openStore(),
  send: Send = fetch,
) {
  const sent: string[] = [];
  const tally = new Tally({
    baseUrl: url,
    tokenStore,
    fetch: (input, init) => {
      sent.push(`${init!.method} ${new URL(String(input)).pathname}`);
      return send(input, init);
    },
  });
  const refreshes = () => sent.filter((request) => request === 'POST /accounts/refresh').length;
  return { tally, sent, refreshes };
}

/** Makes a watched client that is signed in to a new account. */
export async function signedIn(server: { url: string }, send?: Send) {
  const { username } = await register(server);
  const store = openStore();
  const client = watchedClient(server, store, send);
  await client.tally.login({ username, password: PASSWORD });
  return { ...client, store, username };
}

/** Makes a signed-in client that does not know the expiry of its token. */
export async function signedInWithoutClock(server: { url: string }) {
  const client = await signedIn(server);
  client.store.tokens = { ...client.store.tokens!, expiresAt: undefined };
  return client;
}

export async function codeOf(promise: Promise<unknown>): Promise<ErrorCode> {
  const error = await failureOf(promise);
  if (!(error instanceof ApiError)) throw error;
  return error.code;
}
