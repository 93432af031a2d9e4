import { v7 as uuidv7 } from 'uuid';
import { expect, it, onTestFinished } from 'vitest';
import { createStore } from '../../../../src/features/accounts/store.ts';
import { sweepExpired } from '../../../../src/features/accounts/sweep.ts';
import type { AccountTables } from '../../../../src/features/accounts/tables.ts';
import {
  CHEAP_HASHES,
  expectJson,
  freshEmail,
  me,
  PASSWORD,
  register,
  send,
  signIn,
} from '../../../helpers/accounts.ts';
import { describeOnEachDatabase, type TestDatabase } from '../../../helpers/databases.ts';
import { serverForTest } from '../../../helpers/server.ts';

async function freshDatabase(database: TestDatabase) {
  const { url, drop } = await database.create();
  onTestFinished(drop);
  return { DATABASE_URL: url, ...CHEAP_HASHES };
}

describeOnEachDatabase('hashes', (database) => {
  it('are made anew at sign-in when their settings have changed', async () => {
    const environment = await freshDatabase(database);
    const before = await serverForTest(environment);
    const account = await register(before);
    const after = await serverForTest({ ...environment, PASSWORD_PASSES: '2' });
    const { db } = after.app.database.as<AccountTables>();
    const stored = async () =>
      (await db.selectFrom('accounts').select('password_hash').executeTakeFirstOrThrow())
        .password_hash;
    expect(await stored()).toContain('$m=64,t=1,p=1$');
    const { access_token } = await signIn(after, account);
    const renewed = await stored();
    expect(renewed).toContain('$m=64,t=2,p=1$');
    await expectJson(me(after, access_token));
    await signIn(after, account);
    expect(await stored()).toBe(renewed);
  });

  it('are made anew by sign-ins at once, all of which succeed', async () => {
    const environment = await freshDatabase(database);
    const account = await register(await serverForTest(environment));
    const after = await serverForTest({ ...environment, PASSWORD_PASSES: '2' });
    await Promise.all(Array.from({ length: 20 }, () => signIn(after, account)));
  });

  it('wait in a queue that is bounded, and whoever is turned away has made no attempt', async () => {
    const server = await serverForTest({
      ...(await freshDatabase(database)),
      PASSWORD_MEMORY: '65536',
      PASSWORD_THREADS: '1',
      PASSWORD_QUEUE: '2',
    });
    const account = await register(server);
    const login = (username: string, password: string) =>
      send(server, 'POST', '/accounts/login', { body: { username, password } });
    for (let round = 0; round < 3; round++) {
      const names = [...Array(12)].map(() => freshEmail());
      const responses = await Promise.all([
        ...names.map((name) => login(name, 'wrong')),
        ...[1, 2, 3, 4].map(() => login(account.username, PASSWORD)),
      ]);
      const refused = responses.filter(({ status }) => status === 503);
      expect(refused.length).toBeGreaterThan(0);
      for (const response of refused) {
        expect(response.headers.get('retry-after')).toBe('1');
        expect(await response.json()).toMatchObject({ code: 'busy' });
      }
    }
    const { db } = server.app.database.as<AccountTables>();
    const counted = await db
      .selectFrom('spent_attempts')
      .selectAll()
      .where('key', '=', `account:${account.id}`)
      .execute();
    expect(counted).toEqual([]);
    await signIn(server, account);
  });
});

describeOnEachDatabase('what has expired', (database) => {
  it('is removed, and nothing else', async () => {
    const server = await serverForTest(await freshDatabase(database));
    const account = await register(server);
    const [old, idle, living] = [
      await signIn(server, account),
      await signIn(server, account),
      await signIn(server, account),
    ];
    const tables = server.app.database.as<AccountTables>();
    const idOf = (token: string) =>
      JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()).sid as string;
    const change = (token: string, changes: object) =>
      tables.db.updateTable('sessions').set(changes).where('id', '=', idOf(token)).execute();
    await change(old.access_token, { expires_at: Date.now() });
    await change(idle.access_token, { used_at: Date.now() - 14 * 86_400_000 });
    const spent = { key: 'account:x', subject: 'x', pending: 0, at: 0 };
    await tables.db
      .insertInto('spent_attempts')
      .values([
        { ...spent, id: 'old', counts_until: Date.now() },
        { ...spent, id: 'new', counts_until: Date.now() + 60_000 },
      ])
      .execute();
    await tables.db.updateTable('attempt_locks').set({ used_at: 0 }).execute();
    await sweepExpired(createStore(tables), server.config.accounts);
    const left = async (table: 'sessions' | 'refresh_tokens' | 'attempt_locks') =>
      (await tables.db.selectFrom(table).selectAll().execute()).length;
    expect(await left('sessions')).toBe(1);
    expect(await left('refresh_tokens')).toBe(1);
    const attempts = await tables.db
      .selectFrom('spent_attempts')
      .select('id')
      .where('key', '=', 'account:x')
      .execute();
    expect(attempts).toEqual([{ id: 'new' }]);
    expect(await left('attempt_locks')).toBe(0);
    await expectJson(me(server, living.access_token));
  });

  it('is removed of the audit events, however many there are', async () => {
    const server = await serverForTest({
      ...(await freshDatabase(database)),
      AUDIT_LIFETIME: '30',
    });
    const tables = server.app.database.as<AccountTables>();
    const eventAt = (at: number) => ({
      id: uuidv7({ msecs: at }),
      at,
      action: 'signed_in',
      subject_id: null,
      actor_id: null,
      address: '203.0.113.7',
      request_id: 'x',
      details: '{}',
    });
    const DAY = 86_400_000;
    const now = Date.now();
    const old = Array.from({ length: 2500 }, (_, index) => eventAt(now - 30 * DAY - index));
    for (let start = 0; start < old.length; start += 500) {
      await tables.db
        .insertInto('audit_events')
        .values(old.slice(start, start + 500))
        .execute();
    }
    const kept = eventAt(now - 29 * DAY);
    await tables.db.insertInto('audit_events').values(kept).execute();
    await sweepExpired(createStore(tables), server.config.accounts);
    const left = await tables.db.selectFrom('audit_events').select('id').execute();
    expect(left).toEqual([{ id: kept.id }]);
  });
});
