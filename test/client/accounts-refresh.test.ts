import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Tally } from '../../generated-client/src/index.ts';
import { CHEAP_HASHES } from '../helpers/accounts.ts';
import { startServer, type TestServer } from '../helpers/server.ts';
import { failureOf } from './fault-server.ts';
import {
  codeOf,
  DAY,
  HOUR,
  signedIn,
  signedInWithoutClock,
  travel,
  watchedClient,
} from './signed-in.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer(CHEAP_HASHES);
});
afterAll(() => server.close());

describe('an access token', () => {
  it('is renewed shortly before it expires', async () => {
    const { tally, store, refreshes, username } = await signedIn(server);
    const { refreshToken, signedInAt } = store.tokens!;
    travel(HOUR - 90_000);
    await tally.accounts.getOwn();
    expect(refreshes()).toBe(0);
    travel(60_000);
    expect(await tally.accounts.getOwn()).toMatchObject({ username });
    expect(refreshes()).toBe(1);
    expect(store.tokens).toMatchObject({ signedInAt, expiresAt: Date.now() + HOUR });
    expect(store.tokens!.refreshToken).not.toBe(refreshToken);
  });

  it('is renewed once for 50 calls at a time that find it expired', async () => {
    const { tally, refreshes, sent } = await signedIn(server);
    travel(2 * HOUR);
    const before = sent.length;
    const calls = Array.from({ length: 50 }, () => tally.sum([1, 2]));
    expect(new Set(await Promise.all(calls)).size).toBe(1);
    expect(refreshes()).toBe(1);
    expect(sent.length - before).toBe(51);
  });

  it('is renewed once for 50 calls that the server turns away', async () => {
    const { tally, refreshes, sent } = await signedInWithoutClock(server);
    travel(2 * HOUR);
    const before = sent.length;
    const calls = Array.from({ length: 50 }, (_, index) =>
      index % 2 ? tally.sum([index]) : tally.with({ timeout: 30_000 }).accounts.listSessions(),
    );
    await Promise.all(calls);
    expect(refreshes()).toBe(1);
    expect(sent.length - before).toBe(101);
  });

  it('is renewed once, also where the store takes its time', async () => {
    const { store } = await signedInWithoutClock(server);
    const later = () => new Promise((resolve) => setTimeout(resolve, Math.random() * 20));
    const { tally, refreshes } = watchedClient(server, {
      load: () => later().then(() => store.load()),
      save: (tokens) => later().then(() => store.save(tokens)),
      clear: () => later().then(() => store.clear()),
    });
    travel(2 * HOUR);
    await Promise.all(Array.from({ length: 50 }, (_, index) => tally.sum([index])));
    expect(refreshes()).toBe(1);
  });

  it('is never the reason to send a stream twice', async () => {
    const { tally, sent, refreshes } = await signedInWithoutClock(server);
    const stream = () => new Blob(['[1,2]']).stream() as ReadableStream<Uint8Array>;
    travel(2 * HOUR);
    expect(await codeOf(tally.sum(stream()))).toBe('token_expired');
    expect(sent.filter((request) => request === 'POST /sum')).toHaveLength(1);
    await tally.sum([1, 2]);
    expect(await tally.sum(stream())).toBe(await tally.sum([3]));
    expect(refreshes()).toBe(1);
  });

  it('goes to no operation that asks for none, and is not renewed for it', async () => {
    const { store } = await signedIn(server);
    const authorizations: (string | null)[] = [];
    const tally = new Tally({
      baseUrl: server.url,
      tokenStore: store,
      fetch: (input, init) => {
        authorizations.push(new Headers(init!.headers).get('authorization'));
        return fetch(input, init);
      },
    });
    travel(2 * HOUR);
    await tally.health.checkLiveness();
    await tally.auth.getSigningKeys();
    expect(authorizations).toEqual([null, null]);
  });

  it('gives way to one that the caller puts in the header', async () => {
    const { tally, refreshes } = await signedIn(server);
    travel(2 * HOUR);
    const stranger = tally.with({ headers: { authorization: 'Bearer x' } });
    expect(await codeOf(stranger.sum([1]))).toBe('invalid_token');
    expect(refreshes()).toBe(0);
  });
});

describe('a refresh', () => {
  /** Requests arrive, except that `meddle` answers for refreshes. */
  const meddlingClient = (meddle: typeof fetch) =>
    signedIn(server, (input, init) =>
      String(input).endsWith('/accounts/refresh') ? meddle(input, init) : fetch(input, init),
    );

  it('is repeated at once if its answer is lost, which leaves the session alive', async () => {
    let losses = 1;
    const { tally, refreshes, username } = await meddlingClient(async (input, init) => {
      const answer = await fetch(input, init);
      if (losses-- > 0) throw new TypeError('socket hang up');
      return answer;
    });
    travel(2 * HOUR);
    expect(await tally.accounts.getOwn()).toMatchObject({ username });
    expect(refreshes()).toBe(2);
    travel(2 * HOUR);
    expect(await tally.accounts.getOwn()).toMatchObject({ username });
  });

  const good = { access_token: 'a', refresh_token: 'r', token_type: 'Bearer', expires_in: 3600 };
  it.each([
    ['nothing', () => new Response(null, { status: 204 })],
    ['null', () => Response.json(null)],
    ['an empty object', () => Response.json({})],
    ['no refresh token', () => Response.json({ ...good, refresh_token: undefined })],
    ['an empty refresh token', () => Response.json({ ...good, refresh_token: '' })],
    ['a token that is no text', () => Response.json({ ...good, access_token: 7 })],
    ['no time', () => Response.json({ ...good, expires_in: '3600' })],
    [
      'half of an answer',
      () => new Response('{"acc', { headers: { 'content-type': 'application/json' } }),
    ],
  ])('that is answered with %s loses no token', async (_, answer) => {
    let isBad = true;
    const { tally, store, refreshes, username } = await meddlingClient(async (input, init) =>
      isBad ? answer() : fetch(input, init),
    );
    const { tokens } = store;
    travel(HOUR - 30_000);
    expect(await tally.accounts.getOwn()).toMatchObject({ username });
    travel(2 * HOUR);
    expect(await codeOf(tally.accounts.getOwn())).toBe('unexpected_answer');
    expect(store.tokens).toBe(tokens);
    expect(refreshes()).toBe(4);
    isBad = false;
    expect(await tally.accounts.getOwn()).toMatchObject({ username });
  });

  it('whose answer is unreadable once is repeated at once', async () => {
    let losses = 1;
    const { tally, refreshes, username } = await meddlingClient(async (input, init) => {
      const answer = await fetch(input, init);
      return losses-- > 0 ? Response.json({}) : answer;
    });
    travel(2 * HOUR);
    expect(await tally.accounts.getOwn()).toMatchObject({ username });
    expect(refreshes()).toBe(2);
  });

  it('whose outcome is unknown is repeated at once', async () => {
    let losses = 1;
    const { tally, refreshes, username } = await meddlingClient(async (input, init) => {
      const answer = await fetch(input, init);
      if (losses-- <= 0) return answer;
      const headers = { 'content-type': 'application/problem+json' };
      return Response.json({ code: 'outcome_unknown', detail: 'Look.' }, { status: 500, headers });
    });
    travel(2 * HOUR);
    expect(await tally.accounts.getOwn()).toMatchObject({ username });
    expect(refreshes()).toBe(2);
  });

  it('that fails fails the call only if the token has expired, and loses no token', async () => {
    const { tally, store, username } = await meddlingClient(async () => {
      const problem = { code: 'database_unavailable', detail: 'The database does not answer.' };
      const headers = { 'content-type': 'application/problem+json' };
      return Response.json(problem, { status: 503, headers });
    });
    const { tokens } = store;
    travel(HOUR - 30_000);
    expect(await tally.accounts.getOwn()).toMatchObject({ username });
    travel(HOUR);
    expect(await codeOf(tally.accounts.getOwn())).toBe('database_unavailable');
    expect(store.tokens).toBe(tokens);
    expect(await watchedClient(server, store).tally.accounts.getOwn()).toMatchObject({
      username,
    });
  });

  it('goes on for the others when a call that waits for it is aborted', async () => {
    const { promise: permission, resolve: permit } = Promise.withResolvers<void>();
    const { tally, refreshes, username } = await meddlingClient(async (input, init) => {
      await permission;
      return fetch(input, init);
    });
    travel(2 * HOUR);
    const caller = new AbortController();
    const impatient = failureOf(tally.sum([1], { signal: caller.signal }));
    const patient = tally.accounts.getOwn();
    const other = failureOf(tally.with({ signal: caller.signal }).accounts.listSessions());
    caller.abort(new Error('no time'));
    expect(await impatient).toMatchObject({ message: 'no time' });
    expect(await other).toMatchObject({ message: 'no time' });
    permit();
    expect(await patient).toMatchObject({ username });
    expect(refreshes()).toBe(1);
  });

  it('has not the options of the call that needs it', async () => {
    const seen: Headers[] = [];
    const { tally } = await meddlingClient((input, init) => {
      seen.push(new Headers(init!.headers));
      return fetch(input, init);
    });
    travel(2 * HOUR);
    await tally.sum([1], { headers: { 'x-trace': 'of the sum' } });
    expect(seen.map((headers) => headers.get('x-trace'))).toEqual([null]);
    expect(seen.map((headers) => headers.get('authorization'))).toEqual([null]);
  });

  it('brings nobody back who signs out meanwhile', async () => {
    const { tally, store } = await meddlingClient(async (input, init) => {
      const answer = await fetch(input, init);
      store.clear();
      return answer;
    });
    travel(2 * HOUR);
    await tally.sum([1]);
    expect(store.tokens).toBeUndefined();
  });
});

describe('a sign-in', () => {
  it.each([{}, null, { access_token: 'a', expires_in: 3600 }])(
    'that is answered with %j replaces no tokens',
    async (content) => {
      const { store } = await signedIn(server);
      const { tokens } = store;
      const { tally } = watchedClient(server, store, async () => Response.json(content));
      const credentials = { username: 'ada', password: 'p' };
      expect(await codeOf(tally.login(credentials))).toBe('unexpected_answer');
      if (!content?.access_token) {
        expect(await codeOf(tally.authenticate('ada', 'p'))).toBe('unexpected_answer');
      }
      expect(store.tokens).toBe(tokens);
    },
  );
});

describe('a session that is over', () => {
  it('is forgotten when its refresh token is refused, and the caller hears why', async () => {
    const { tally, store } = await signedIn(server);
    travel(20 * DAY);
    const error = await failureOf(tally.sum([1]));
    expect(error).toMatchObject({ status: 401, code: 'invalid_refresh_token' });
    expect(store.tokens).toBeUndefined();
    expect(await codeOf(tally.sum([1]))).toBe('missing_token');
  });

  it('is forgotten when it was ended elsewhere', async () => {
    const { tally, store } = await signedIn(server);
    const { results } = await tally.accounts.listSessions();
    const elsewhere = new Tally({ baseUrl: server.url, token: store.tokens!.accessToken });
    await elsewhere.accounts.deleteSession(results[0]!.id);
    const calls = Array.from({ length: 10 }, () => codeOf(tally.sum([1])));
    const codes = await Promise.all(calls);
    // Whoever comes after the store is cleared hears that the session has ended.
    expect(['invalid_refresh_token', 'session_ended', 'missing_token']).toEqual(
      expect.arrayContaining([...new Set(codes)]),
    );
    expect(codes).toContain('invalid_refresh_token');
    expect(store.tokens).toBeUndefined();
  });

  it('takes nobody along who signs in meanwhile', async () => {
    const { store: other } = await signedIn(server);
    const { tally, store } = await signedIn(server, async (input, init) => {
      const answer = await fetch(input, init);
      if (String(input).endsWith('/accounts/refresh')) store.tokens = other.tokens;
      return answer;
    });
    travel(20 * DAY);
    expect(await codeOf(tally.sum([1]))).toBe('token_expired');
    expect(store.tokens).toBe(other.tokens);
  });

  it('is not refreshed for a guest, who has nothing to refresh with', async () => {
    const { tally, refreshes } = watchedClient(server);
    await tally.authenticate('ada', 'any');
    travel(2 * HOUR);
    expect(await codeOf(tally.sum([1]))).toBe('token_expired');
    expect(refreshes()).toBe(0);
  });
});
