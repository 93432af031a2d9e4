import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { logout } from '../../generated-client/src/generated/operations/accounts.ts';
import {
  ConnectionError,
  type ErrorCode,
  type ProblemCode,
  Tally,
} from '../../generated-client/src/index.ts';
import { problemTypes } from '../../src/http/problem.ts';
import { CHEAP_HASHES, PASSWORD, register } from '../helpers/accounts.ts';
import { serverForTest, startServer, type TestServer } from '../helpers/server.ts';
import { failureOf } from './fault-server.ts';
import { codeOf, DAY, HOUR, openStore, signedIn, travel, watchedClient } from './signed-in.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer(CHEAP_HASHES);
});
afterAll(() => server.close());

describe('login', () => {
  it('keeps the tokens for the calls that follow, and returns them', async () => {
    const { username, email } = await register(server);
    for (const name of [{ username }, { email }]) {
      const { tally } = watchedClient(server);
      const tokens = await tally.login({ ...name, password: PASSWORD });
      expect(tokens).toMatchObject({ token_type: 'Bearer', expires_in: 3600 });
      expect(tokens.refresh_token).toEqual(expect.any(String));
      expect(await tally.accounts.getOwn()).toMatchObject({ username });
    }
  });

  it('says with a typed code why it fails, and never shows the password or a token', async () => {
    const { tally, store, username } = await signedIn(server);
    const { accessToken, refreshToken } = store.tokens!;
    const error = await failureOf(tally.login({ username, password: 'my wrong guess' }));
    expect(error).toMatchObject({ status: 401, code: 'invalid_credentials' });
    const shown = inspect([error, tally, tally.with({})], { depth: 20, showHidden: true });
    for (const secret of ['my wrong guess', accessToken, refreshToken!]) {
      expect(shown).not.toContain(secret);
    }
    expect(store.tokens).toMatchObject({ accessToken, refreshToken });
  });

  it('counts for all clients that are made from one another', async () => {
    const { username } = await register(server);
    const { tally } = watchedClient(server);
    const patient = tally.with({ timeout: 30_000 });
    await tally.with({ retries: 0 }).login({ username, password: PASSWORD });
    expect(await patient.accounts.getOwn()).toMatchObject({ username });
  });

  it('takes the place of a session that has expired, without refreshing it', async () => {
    const { tally, refreshes, username } = await signedIn(server);
    travel(20 * DAY);
    await tally.login({ username, password: PASSWORD });
    expect(await tally.accounts.getOwn()).toMatchObject({ username });
    expect(refreshes()).toBe(0);
  });
});

describe('authenticate', () => {
  it('is a sign-in where the server verifies the pair', async () => {
    const strict = await serverForTest({ ...CHEAP_HASHES, AUTH_MODE: 'accounts' });
    const { username } = await register(strict);
    const { tally, refreshes } = watchedClient(strict);
    await tally.authenticate(username, PASSWORD);
    travel(2 * HOUR);
    expect(await tally.accounts.getOwn()).toMatchObject({ username });
    expect(refreshes()).toBe(1);
  });
});

describe('logout', () => {
  it('ends the session on the server, and forgets the tokens', async () => {
    const { tally, store } = await signedIn(server);
    const { accessToken } = store.tokens!;
    await tally.logout();
    expect(store.tokens).toBeUndefined();
    const thief = new Tally({ baseUrl: server.url, token: accessToken });
    expect(await codeOf(thief.accounts.getOwn())).toBe('session_ended');
    expect(await codeOf(tally.accounts.getOwn())).toBe('missing_token');
  });

  it('ends a session whose access token has expired', async () => {
    const { tally, store, username } = await signedIn(server);
    travel(2 * HOUR);
    await tally.logout();
    expect(store.tokens).toBeUndefined();
    const again = watchedClient(server).tally;
    await again.login({ username, password: PASSWORD });
    expect((await again.accounts.listSessions()).results).toHaveLength(1);
  });

  it('succeeds where the session is over already, and where there is none', async () => {
    const { tally, store } = await signedIn(server);
    await tally.send(logout());
    await tally.logout();
    expect(store.tokens).toBeUndefined();
    const expired = await signedIn(server);
    travel(20 * DAY);
    await expired.tally.logout();
    expect(expired.store.tokens).toBeUndefined();
    const { tally: nobody, sent } = watchedClient(server);
    await nobody.logout();
    expect(sent).toEqual([]);
  });

  it('forgets the token of a guest', async () => {
    const store = openStore();
    const { tally } = watchedClient(server, store);
    await tally.authenticate('ada', 'any');
    await tally.logout();
    expect(store.tokens).toBeUndefined();
  });

  it('can be tried again where the server was not reached', async () => {
    let isOffline = false;
    const { tally, store } = await signedIn(server, (input, init) =>
      isOffline ? Promise.reject(new TypeError('offline')) : fetch(input, init),
    );
    isOffline = true;
    expect(await failureOf(tally.logout())).toBeInstanceOf(ConnectionError);
    expect(store.tokens).toBeDefined();
    isOffline = false;
    await tally.logout();
    expect(store.tokens).toBeUndefined();
  });
});

interface Spec {
  components: { schemas: { Problem: { properties: { code: Record<string, unknown> } } } };
}

describe('the code of a problem', () => {
  it('is one of those that the server names, or a new one', () => {
    const spec = server.app.swagger() as unknown as Spec;
    const { properties } = spec.components.schemas.Problem;
    expect(properties.code['x-extensible-enum']).toEqual([...problemTypes.keys()].sort());
    expect(properties.code).not.toHaveProperty('enum');
    const known: ProblemCode = 'too_many_attempts';
    // @ts-expect-error No server says that today.
    const unknown: ProblemCode = 'too_many_cats';
    const codes: ErrorCode[] = [known, unknown];
    expect(codes).toHaveLength(2);
  });
});
