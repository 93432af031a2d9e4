import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { logout } from '../../generated-client/src/generated/operations/accounts.ts';
import { type CallOptions, Tally, type TokenStore } from '../../generated-client/src/index.ts';
import { CHEAP_HASHES, PASSWORD, register } from '../helpers/accounts.ts';
import { startServer, type TestServer } from '../helpers/server.ts';
import { failureOf } from './fault-server.ts';
import { codeOf, HOUR, openStore, signedIn, travel, watchedClient } from './signed-in.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer(CHEAP_HASHES);
});
afterAll(() => server.close());

describe('a token store', () => {
  /** Tokens in a file: what a program that is started again finds. */
  const fileStore = (path: string): TokenStore => ({
    load: async () => {
      const text = await readFile(path, 'utf8').catch(() => 'null');
      return JSON.parse(text);
    },
    save: (tokens) => writeFile(path, JSON.stringify(tokens), { mode: 0o600 }),
    clear: () => rm(path, { force: true }),
  });

  it('lets a session outlive the program', async () => {
    const { username } = await register(server);
    const path = join(server.config.dataDir, 'tokens.json');
    const first = watchedClient(server, fileStore(path)).tally;
    await first.login({ username, password: PASSWORD });
    travel(2 * HOUR);
    const second = watchedClient(server, fileStore(path)).tally;
    expect(await second.accounts.getOwn()).toMatchObject({ username });
    await second.logout();
    expect(await codeOf(first.accounts.getOwn())).toBe('missing_token');
  });

  it('signs in, refreshes and signs out for all who share it', async () => {
    const { store, tally: one, username } = await signedIn(server);
    const { tally: two } = watchedClient(server, store);
    travel(2 * HOUR);
    const accounts = await Promise.all([one, two].map((tab) => tab.accounts.getOwn()));
    expect(accounts.map((account) => account.username)).toEqual([username, username]);
    travel(2 * HOUR);
    await two.sum([1]);
    await one.sum([1]);
    await one.logout();
    expect(await codeOf(two.sum([1]))).toBe('missing_token');
  });

  it('lets nobody send a call again as somebody else', async () => {
    const { tally, store } = await signedIn(server);
    const { store: other } = await signedIn(server);
    await tally.send(logout());
    const { tally: late, sent } = watchedClient(server, store, async (input, init) => {
      const answer = await fetch(input, init);
      store.tokens = other.tokens;
      return answer;
    });
    expect(await codeOf(late.accounts.getOwn())).toBe('session_ended');
    expect(sent).toEqual(['GET /accounts/me']);
    expect(store.tokens).toBe(other.tokens);
  });

  it('is heard when it fails', async () => {
    const failure = new Error('the disk is full');
    const load = () => Promise.reject(failure);
    const { tally, sent } = watchedClient(server, { ...openStore(), load });
    const cancel = vi.fn();
    const stream = new ReadableStream<Uint8Array>({ cancel });
    expect(await failureOf(tally.sum(stream))).toBe(failure);
    expect(cancel).toHaveBeenCalledOnce();
    expect(sent).toEqual([]);
  });

  const never = () => new Promise<never>(() => undefined);
  const TIMEOUT = {
    name: 'TimeoutError',
    message: expect.stringContaining('token store did not return'),
  };

  it.each(['load', 'save', 'clear'] as const)(
    'that never answers a %s keeps no call longer than its time-out and its signal allow',
    async (method) => {
      const { store, username } = await signedIn(server);
      const { tally } = watchedClient(server, {
        load: () => store.load(),
        save: (tokens) => store.save(tokens),
        clear: () => store.clear(),
        [method]: never,
      });
      const call = (options: CallOptions) => {
        if (method === 'load') return tally.sum([1], options);
        if (method === 'save') return tally.login({ username, password: PASSWORD }, options);
        return tally.logout(options);
      };
      expect(await failureOf(call({ timeout: 200 }))).toMatchObject(TIMEOUT);
      const controller = new AbortController();
      setTimeout(() => controller.abort('enough'), 300);
      expect(await failureOf(call({ signal: controller.signal }))).toBe('enough');
    },
  );

  it('that never answers while a token is renewed keeps no call waiting', async () => {
    const { store } = await signedIn(server);
    const hung = watchedClient(server, { ...openStore(), load: () => store.load(), save: never });
    travel(2 * HOUR);
    const controller = new AbortController();
    setTimeout(() => controller.abort('enough'), 600);
    const calls = [
      hung.tally.sum([1], { timeout: 400 }),
      hung.tally.sum([1], { signal: controller.signal }),
    ].map(failureOf);
    expect(await Promise.all(calls)).toMatchObject([{ name: 'TimeoutError' }, 'enough']);
    expect(hung.refreshes()).toBe(1);
  });

  it.each([
    ['fails', () => Promise.reject(new Error('the disk is full'))],
    ['hangs', never],
  ])('that %s once after a refresh loses no session', async (_, fault) => {
    const { store, username } = await signedIn(server);
    let faults = 1;
    const sent: string[] = [];
    const tally = new Tally({
      baseUrl: server.url,
      timeout: 1000,
      tokenStore: {
        load: () => store.load(),
        save: (tokens) => (faults-- > 0 ? fault() : store.save(tokens)),
        clear: () => store.clear(),
      },
      fetch: (input, init) => {
        sent.push(new URL(String(input)).pathname);
        return fetch(input, init);
      },
    });
    const spent = store.tokens!.refreshToken;
    travel(2 * HOUR);
    // It waits for longer than the refresh that it shares waits for the store.
    await failureOf(tally.with({ timeout: 10_000 }).accounts.getOwn());
    expect(store.tokens!.refreshToken).toBe(spent);
    // By now the spent token would look stolen.
    travel(HOUR / 2);
    expect(await tally.accounts.getOwn()).toMatchObject({ username });
    expect(store.tokens!.refreshToken).not.toBe(spent);
    expect(sent).toEqual(['/accounts/refresh', '/accounts/me']);
  });

  it('takes no second word on who is signed in', () => {
    const options = { baseUrl: server.url, token: 'x', tokenStore: openStore() };
    expect(() => new Tally(options)).toThrow(TypeError);
  });
});
