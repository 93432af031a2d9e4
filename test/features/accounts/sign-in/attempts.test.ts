import { expect, it, onTestFinished } from 'vitest';
import { createStore } from '../../../../src/features/accounts/store.ts';
import type { AccountTables } from '../../../../src/features/accounts/tables.ts';
import {
  CHEAP_HASHES,
  freshEmail,
  PASSWORD,
  register,
  send,
  serverOn,
  signIn,
} from '../../../helpers/accounts.ts';
import { describeOnEachDatabase } from '../../../helpers/databases.ts';
import { serverForTest, type TestServer } from '../../../helpers/server.ts';

const attempt = (server: { url: string }, username: string, password: string) =>
  send(server, 'POST', '/accounts/login', { body: { username, password } });
const many = <T>(count: number, work: (index: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, index) => work(index)));
const tally = (responses: Response[]) =>
  Object.fromEntries(
    Object.entries(Object.groupBy(responses, ({ status }) => status)).map(([status, group]) => [
      status,
      group!.length,
    ]),
  );

/** As if all that was counted had happened earlier. */
async function letTimePass({ app }: TestServer, milliseconds: number) {
  const { db } = app.database.as<AccountTables>();
  await db
    .updateTable('spent_attempts')
    .set((eb) => ({
      at: eb('at', '-', milliseconds),
      counts_until: eb('counts_until', '-', milliseconds),
    }))
    .execute();
}

describeOnEachDatabase('attempts to sign in', (database) => {
  const server = serverOn(database, { ATTEMPTS_PER_ACCOUNT: '10', ATTEMPTS_PER_ADDRESS: '100000' });

  it.each(['an account', 'nobody'])(
    'as %s never exceed the limit, though 50 come at once',
    async (whose) => {
      const username =
        whose === 'nobody' ? freshEmail() : (await register(server.current)).username;
      const responses = await many(50, (index) =>
        attempt(server.current, username, `guess ${index}`),
      );
      expect(tally(responses)).toEqual({ 401: 10, 429: 40 });
      const refused = responses.find(({ status }) => status === 429)!;
      expect(await refused.json()).toMatchObject({ code: 'too_many_attempts' });
      const wait = Number(refused.headers.get('retry-after'));
      expect(wait).toBeGreaterThan(0);
      expect(wait).toBeLessThanOrEqual(15);
    },
  );

  it('with the right password succeed, though 50 come at once', async () => {
    const { username } = await register(server.current);
    const responses = await many(50, () => attempt(server.current, username, PASSWORD));
    expect(tally(responses)).toEqual({ 200: 50 });
  });

  it('with the right password succeed until the limit is reached', async () => {
    const account = await register(server.current);
    for (let round = 0; round < 3; round++) {
      for (let failure = 0; failure < 9; failure++) {
        expect((await attempt(server.current, account.username, 'wrong')).status).toBe(401);
      }
      await signIn(server.current, account);
    }
  });

  it('are delayed, longer each time, but not for good', async () => {
    const account = await register(server.current);
    await many(10, () => attempt(server.current, account.username, 'wrong'));
    const waits: number[] = [];
    for (let round = 0; round < 9; round++) {
      const refused = await attempt(server.current, account.username, PASSWORD);
      expect(refused.status).toBe(429);
      waits.push(Number(refused.headers.get('retry-after')));
      await letTimePass(server.current, waits.at(-1)! * 1000);
      if (round < 8) {
        const responses = await many(5, () => attempt(server.current, account.username, 'wrong'));
        expect(tally(responses)).toEqual({ 401: 1, 429: 4 });
      }
    }
    expect(waits).toEqual([15, 30, 60, 120, 240, 480, 480, 900, 900]);
    await signIn(server.current, account);
    const responses = await many(20, () => attempt(server.current, account.username, 'wrong'));
    expect(tally(responses)).toEqual({ 401: 10, 429: 10 });
  });

  it('are restored one by one, every 15 minutes', async () => {
    const account = await register(server.current);
    await many(10, () => attempt(server.current, account.username, 'wrong'));
    for (const restored of [1, 2, 5, 10]) {
      await letTimePass(server.current, restored * 900_000);
      const responses = await many(20, () => attempt(server.current, account.username, 'wrong'));
      expect(tally(responses)).toEqual({ 401: restored, 429: 20 - restored });
    }
  });

  it('count whichever way the account is named, and wherever the password is asked for', async () => {
    const account = await register(server.current, { username: `u${freshEmail().split('@')[0]}` });
    const { access_token: token } = await signIn(server.current, account);
    const wrong = { password: 'wrong' };
    const ways = [
      () => attempt(server.current, account.username, 'wrong'),
      () => attempt(server.current, account.username.toUpperCase(), 'wrong'),
      () =>
        send(server.current, 'POST', '/accounts/login', {
          body: { email: account.email, ...wrong },
        }),
      () =>
        send(server.current, 'POST', '/accounts/password', {
          body: {
            email: account.email,
            current_password: 'wrong',
            new_password: 'a long new password',
          },
        }),
      () => send(server.current, 'DELETE', '/accounts/me', { token, body: wrong }),
      () =>
        send(server.current, 'PATCH', '/accounts/me', {
          token,
          body: { email: freshEmail(), current_password: 'wrong' },
        }),
    ];
    for (let index = 0; index < 10; index++) {
      expect((await ways[index % ways.length]!()).status).toBe(401);
    }
    for (const way of ways) expect((await way()).status).toBe(429);
    const other = await register(server.current);
    await signIn(server.current, other);
  });

  it('that were broken off by crashes do not keep the owner out', async () => {
    const account = await register(server.current);
    const store = createStore(server.current.app.database.as<AccountTables>());
    for (const key of [`account:${account.id}`, 'address:127.0.0.1']) {
      for (let crash = 0; crash < 10; crash++) {
        const now = Date.now();
        const broken = { key, subject: account.id, id: crypto.randomUUID() };
        await store.attempts.reserve(broken, now, now + 60_000);
      }
    }
    await letTimePass(server.current, 60_000);
    for (let failure = 0; failure < 9; failure++) {
      expect((await attempt(server.current, account.username, 'wrong')).status).toBe(401);
    }
    await signIn(server.current, account);
  });

  it.each([-3600_000, 3600_000, -365 * 24 * 3600_000, 365 * 24 * 3600_000])(
    'survive a step of the clock by %i ms',
    async (step) => {
      const account = await register(server.current);
      await many(9, () => attempt(server.current, account.username, 'wrong'));
      // A clock that goes forwards makes all that is stored older.
      await letTimePass(server.current, step);
      expect((await attempt(server.current, account.username, 'wrong')).status).toBe(401);
      await signIn(server.current, account);
      const responses = await many(20, () => attempt(server.current, account.username, 'wrong'));
      expect(tally(responses)).toEqual({ 401: 10, 429: 10 });
      await letTimePass(server.current, step);
      await signIn(server.current, account);
    },
  );

  it('stay spent where nothing else can be recorded of them', async () => {
    const account = await register(server.current);
    const { db } = server.current.app.database.as<AccountTables>();
    const rename = (from: string, to: string) => db.schema.alterTable(from).renameTo(to).execute();
    await rename('audit_events', 'audit_events_away');
    onTestFinished(async () => {
      if (!restored) await rename('audit_events_away', 'audit_events');
    });
    let restored = false;
    const responses = await many(20, () => attempt(server.current, account.username, 'wrong'));
    expect(tally(responses)).toEqual({ 429: 10, 500: 10 });
    await rename('audit_events_away', 'audit_events');
    restored = true;
    expect((await attempt(server.current, account.username, PASSWORD)).status).toBe(429);
  });
});

describeOnEachDatabase('attempts from one address on $name', (database) => {
  const start = async (environment: Record<string, string> = {}) => {
    const { url, drop } = await database.create();
    onTestFinished(drop);
    const server = await serverForTest({
      DATABASE_URL: url,
      ...CHEAP_HASHES,
      TRUST_PROXY: 'loopback',
      ...environment,
    });
    const from = (address: string, username: string, password: string) =>
      send(server, 'POST', '/accounts/login', {
        body: { username, password },
        headers: { 'x-forwarded-for': address },
      });
    return { server, from };
  };

  it('are limited over all accounts, and a success counts for its own account alone', async () => {
    const { server, from } = await start({ ATTEMPTS_PER_ADDRESS: '20' });
    const account = await register(server);
    for (let round = 0; round < 19; round++) {
      expect((await from('203.0.113.7', freshEmail(), 'wrong')).status).toBe(401);
      expect((await from('203.0.113.7', account.username, PASSWORD)).status).toBe(200);
    }
    const responses = await many(10, () => from('203.0.113.7', freshEmail(), 'wrong'));
    expect(tally(responses)).toEqual({ 401: 1, 429: 9 });
    expect((await from('203.0.113.7', account.username, PASSWORD)).status).toBe(429);
    expect((await from('203.0.113.8', account.username, PASSWORD)).status).toBe(200);
    await letTimePass(server, 900_000);
    expect((await from('203.0.113.7', account.username, PASSWORD)).status).toBe(200);
    const restored = await many(10, () => from('203.0.113.7', freshEmail(), 'wrong'));
    expect(tally(restored)).toEqual({ 401: 1, 429: 9 });
  });

  it('are delayed by the number of accounts beyond the limit, however often each failed', async () => {
    const { server, from } = await start({ ATTEMPTS_PER_ADDRESS: '5' });
    const fail = async (username: string) =>
      expect((await from('203.0.113.7', username, 'wrong')).status).toBe(401);
    const names = Array.from({ length: 4 }, freshEmail);
    for (const name of [...names, ...names]) await fail(name);
    const waits: number[] = [];
    // The second account is one that was counted before.
    for (const name of [freshEmail(), names[0]!, freshEmail(), freshEmail()]) {
      await fail(name);
      const refused = await from('203.0.113.7', freshEmail(), 'wrong');
      expect(refused.status).toBe(429);
      waits.push(Number(refused.headers.get('retry-after')));
      await letTimePass(server, waits.at(-1)! * 1000);
    }
    expect(waits).toEqual([15, 15, 30, 60]);
  });

  it('let an office of 60 people in, each after two wrong passwords', async () => {
    const { server, from } = await start();
    const people = await many(60, () => register(server));
    for (const password of ['typo', 'another typo', PASSWORD]) {
      const responses = await Promise.all(
        people.map(({ username }) => from('203.0.113.7', username, password)),
      );
      expect(tally(responses)).toEqual({ [password === PASSWORD ? 200 : 401]: 60 });
    }
  });

  it('count for their account until it signs in from there', async () => {
    const { server, from } = await start({ ATTEMPTS_PER_ADDRESS: '2' });
    const [one, two] = [await register(server), await register(server)];
    expect((await from('203.0.113.7', one.username, 'wrong')).status).toBe(401);
    expect((await from('203.0.113.8', one.username, PASSWORD)).status).toBe(200);
    expect((await from('203.0.113.7', freshEmail(), 'wrong')).status).toBe(401);
    expect((await from('203.0.113.7', two.username, PASSWORD)).status).toBe(429);
    await letTimePass(server, 15_000);
    expect((await from('203.0.113.7', one.username, PASSWORD)).status).toBe(200);
    expect((await from('203.0.113.7', two.username, PASSWORD)).status).toBe(200);
  });

  it.each([
    ['a port', (index: number) => `203.0.113.7:${10_000 + index}`],
    ['70 characters of junk', (index: number) => `${index}`.padStart(70, 'x')],
    ['a long zone', (index: number) => `fe80::1%${`${index}`.padStart(70, 'x')}`],
  ])('are limited together where the proxy adds %s', async (_, addressOf) => {
    const { server, from } = await start({ ATTEMPTS_PER_ADDRESS: '5' });
    const account = await register(server);
    for (let guess = 0; guess < 5; guess++) {
      expect((await from(addressOf(guess), freshEmail(), 'wrong')).status).toBe(401);
    }
    expect((await from(addressOf(5), freshEmail(), 'wrong')).status).toBe(429);
    const { db } = server.app.database.as<AccountTables>();
    const events = await db
      .selectFrom('audit_events')
      .select('address')
      .where('action', '=', 'sign_in_failed')
      .execute();
    const stored = addressOf(0).startsWith('fe80') ? 'fe80::1' : '';
    expect(events.map(({ address }) => address)).toEqual(Array(5).fill(stored));
    await letTimePass(server, 900_000);
    expect((await from(addressOf(6), account.username, PASSWORD)).status).toBe(200);
  });

  it('are limited together by several replicas', async () => {
    const { url, drop } = await database.create();
    onTestFinished(drop);
    const shared = { DATABASE_URL: url, ...CHEAP_HASHES };
    const servers = [await serverForTest(shared), await serverForTest(shared)];
    const account = await register(servers[0]!);
    const right = await many(30, (index) =>
      attempt(servers[index % 2]!, account.username, PASSWORD),
    );
    expect(tally(right)).toEqual({ 200: 30 });
    const wrong = await many(40, (index) => attempt(servers[index % 2]!, account.username, 'no'));
    expect(tally(wrong)).toEqual({ 401: 10, 429: 30 });
  });
});
