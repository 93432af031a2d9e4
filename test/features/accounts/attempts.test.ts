import { describe, expect, it, onTestFinished } from 'vitest';
import type { AccountTables } from '../../../src/database/tables/accounts.ts';
import {
  CHEAP_HASHES,
  freshEmail,
  PASSWORD,
  register,
  send,
  serverOn,
  signIn,
} from '../../helpers/accounts.ts';
import { databases, describeOnEachDatabase } from '../../helpers/databases.ts';
import { serverForTest, type TestServer } from '../../helpers/server.ts';

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
    .updateTable('attempts')
    .set((eb) => ({
      blocked_until: eb('blocked_until', '-', milliseconds),
      updated_at: eb('updated_at', '-', milliseconds),
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
    expect(waits).toEqual([15, 30, 60, 120, 240, 480, 900, 900, 900]);
    await signIn(server.current, account);
    const responses = await many(20, () => attempt(server.current, account.username, 'wrong'));
    expect(tally(responses)).toEqual({ 401: 10, 429: 10 });
  });

  it('are forgotten after a day', async () => {
    const account = await register(server.current);
    await many(10, () => attempt(server.current, account.username, 'wrong'));
    await letTimePass(server.current, 24 * 3_600_000);
    const responses = await many(20, () => attempt(server.current, account.username, 'wrong'));
    expect(tally(responses)).toEqual({ 401: 10, 429: 10 });
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

  it('that were broken off by a crash do not keep the owner out', async () => {
    const account = await register(server.current);
    await signIn(server.current, account);
    const { db } = server.current.app.database.as<AccountTables>();
    const left = { pending: 10, remaining: 0, blocked_until: Date.now() + 15_000 };
    await db
      .updateTable('attempts')
      .set({ ...left, updated_at: Date.now() })
      .where('key', '=', `account:${account.id}`)
      .execute();
    await letTimePass(server.current, 60_000);
    await signIn(server.current, account);
    const row = await db
      .selectFrom('attempts')
      .selectAll()
      .where('key', '=', `account:${account.id}`)
      .executeTakeFirstOrThrow();
    expect(row).toMatchObject({ pending: 0, remaining: 10 });
  });
});

describe.for(databases)('attempts from one address on $name', (database) => {
  it('are limited over all accounts, and a success does not reset them', async () => {
    const { url, drop } = await database.create();
    onTestFinished(drop);
    const server = await serverForTest({
      DATABASE_URL: url,
      ...CHEAP_HASHES,
      ATTEMPTS_PER_ADDRESS: '20',
      TRUST_PROXY: 'loopback',
    });
    const from = (address: string, username: string, password: string) =>
      send(server, 'POST', '/accounts/login', {
        body: { username, password },
        headers: { 'x-forwarded-for': address },
      });
    const account = await register(server);
    for (let round = 0; round < 19; round++) {
      expect((await from('203.0.113.7', freshEmail(), 'wrong')).status).toBe(401);
      expect((await from('203.0.113.7', account.username, PASSWORD)).status).toBe(200);
    }
    const responses = await many(10, () => from('203.0.113.7', freshEmail(), 'wrong'));
    expect(tally(responses)).toEqual({ 401: 1, 429: 9 });
    expect((await from('203.0.113.7', account.username, PASSWORD)).status).toBe(429);
    expect((await from('203.0.113.8', account.username, PASSWORD)).status).toBe(200);
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
