import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import type { AccountTables } from '../../../../src/features/accounts/tables.ts';
import type { IdempotencyTables } from '../../../../src/idempotency/tables.ts';
import {
  CHEAP_HASHES,
  expectJson,
  freshEmail,
  me,
  PASSWORD,
  send,
  serverOn,
  signIn,
  type TestAccount,
} from '../../../helpers/accounts.ts';
import { proxiedDatabase } from '../../../helpers/database-proxy.ts';
import { describeOnEachDatabase, describeOnEachServer } from '../../../helpers/databases.ts';
import { serverForTest } from '../../../helpers/server.ts';

const post = (server: { url: string }, body: object, key: string) =>
  send(server, 'POST', '/accounts', { body, headers: { 'idempotency-key': key } });

async function outcome(answer: Promise<Response>) {
  const { status, headers, ...response } = await answer.then(async (received) => ({
    status: received.status,
    headers: received.headers,
    body: (await received.json()) as TestAccount & { code?: string },
  }));
  return { status, replayed: headers.get('idempotent-replayed') === 'true', ...response };
}

describeOnEachDatabase('a repeated registration', (kind) => {
  const server = serverOn(kind, { REGISTRATIONS_PER_ADDRESS: '1000' });

  it('makes one account, and is answered with it', async () => {
    const body = { email: freshEmail(), password: PASSWORD, first_name: 'Ada' };
    const key = randomUUID();
    const first = await outcome(post(server.current, body, key));
    expect([first.status, first.replayed]).toEqual([201, false]);
    for (let turn = 0; turn < 2; turn++) {
      const again = await outcome(post(server.current, body, key));
      expect(again).toEqual({ ...first, replayed: true });
    }
    const plain = await outcome(send(server.current, 'POST', '/accounts', { body }));
    expect([plain.status, plain.body.code]).toEqual([409, 'email_taken']);
    const other = await outcome(post(server.current, { ...body, first_name: 'Bob' }, key));
    expect([other.status, other.body.code]).toEqual([422, 'idempotency_key_reused']);
  });

  it('makes one account among several at once', async () => {
    const body = { email: freshEmail(), password: PASSWORD };
    const key = randomUUID();
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => outcome(post(server.current, body, key))),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(5).fill(201));
    expect(new Set(answers.map(({ body: account }) => account.id)).size).toBe(1);
    expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1);
  });

  it('tells a stranger with the same key no more than one without', async () => {
    const email = freshEmail();
    const key = 'registration';
    await expectJson(post(server.current, { email, password: PASSWORD }, key), 201);
    const guess = { email, password: 'another good password' };
    const strangers = await outcome(post(server.current, guess, key));
    expect([strangers.status, strangers.body.code, strangers.replayed]).toEqual([
      409,
      'email_taken',
      false,
    ]);
    const named = await outcome(post(server.current, { ...guess, first_name: 'Eve' }, key));
    expect([named.status, named.body.code]).toEqual([409, 'email_taken']);
    const theirs = { email: freshEmail(), password: PASSWORD };
    const own = await outcome(post(server.current, theirs, key));
    expect([own.status, own.replayed, own.body.email]).toEqual([201, false, theirs.email]);
  });

  it('counts each wrong password as an attempt, and says so to administrators', async () => {
    const body = { email: freshEmail(), password: PASSWORD };
    const key = randomUUID();
    const { id } = await expectJson<TestAccount>(post(server.current, body, key), 201);
    const answers = new Set<string | undefined>();
    for (let guess = 0; guess < 12; guess++) {
      const password = `a wrong password ${guess}`;
      answers.add((await outcome(post(server.current, { ...body, password }, key))).body.code);
    }
    expect([...answers]).toEqual(['email_taken']);
    const right = await outcome(post(server.current, body, key));
    expect([right.status, right.body.code]).toEqual([409, 'email_taken']);
    const login = await outcome(send(server.current, 'POST', '/accounts/login', { body }));
    expect([login.status, login.body.code]).toEqual([429, 'too_many_attempts']);
    const { db } = server.current.app.database.as<AccountTables>();
    const events = await db
      .selectFrom('audit_events')
      .where('subject_id', '=', id)
      .where('action', 'in', ['confirmation_failed', 'locked_out'])
      .select('action')
      .execute();
    expect(events.map(({ action }) => action).toSorted()).toEqual([
      ...Array(10).fill('confirmation_failed'),
      'locked_out',
    ]);
  });

  it('makes another account once the first is deleted', async () => {
    const body = { email: freshEmail(), username: undefined, password: PASSWORD };
    const key = randomUUID();
    const first = await outcome(post(server.current, body, key));
    const { access_token: token } = await signIn(server.current, first.body);
    const deletion = { token, body: { password: PASSWORD } };
    expect((await send(server.current, 'DELETE', '/accounts/me', deletion)).status).toBe(204);
    expect((await me(server.current, token)).status).toBe(401);
    const named = { ...body, first_name: 'Ada' };
    const second = await outcome(post(server.current, named, key));
    expect([second.status, second.replayed]).toEqual([201, false]);
    expect(second.body.id).not.toBe(first.body.id);
  });

  it('stores neither the password nor a hash that is quick to compute', async () => {
    const email = freshEmail();
    const key = randomUUID();
    const { db } = server.current.app.database.as<AccountTables & IdempotencyTables>();
    const hashes = async () => {
      const rows = await db.selectFrom('idempotency_records').selectAll().execute();
      return rows.map(({ key_hash, request_hash }) =>
        Buffer.concat([key_hash, request_hash]).toString('hex'),
      );
    };
    const before = new Set(await hashes());
    await expectJson(post(server.current, { email, password: PASSWORD }, key), 201);
    const [made] = (await hashes()).filter((hash) => !before.has(hash));
    await db.deleteFrom('idempotency_records').execute();
    const { db: accounts } = server.current.app.database.as<AccountTables>();
    await accounts
      .updateTable('accounts')
      .set({ email: null, email_key: null, username_key: Buffer.alloc(32, email) })
      .where('email', '=', email)
      .execute();
    const other = { email, password: 'another good password' };
    await expectJson(post(server.current, other, key), 201);
    expect(await hashes()).toEqual([made]);
  });
});

describeOnEachServer('a registration whose COMMIT is not answered on $name', (database) => {
  it('makes one account when it is repeated with its key', async () => {
    const { url, proxy } = await proxiedDatabase(database);
    const server = await serverForTest({
      ...CHEAP_HASHES,
      LOG_LEVEL: 'error',
      DATABASE_URL: url,
      REGISTRATIONS_PER_ADDRESS: '1000',
    });
    const { db } = server.app.database.as<AccountTables>();
    for (let round = 1; round <= 10; round++) {
      const body = { email: freshEmail(), password: PASSWORD };
      const key = randomUUID();
      // The first COMMIT counts the registration, the second makes the account.
      void proxy.cutAt('commit', 'before-answer', { skip: 1 });
      const lost = await outcome(post(server, body, key));
      expect([lost.status, lost.body.code]).toEqual([500, 'outcome_unknown']);
      const answer = await outcome(post(server, body, key));
      expect([answer.status, answer.replayed]).toEqual([201, true]);
      const rows = await db
        .selectFrom('accounts')
        .where('email', '=', body.email)
        .select('id')
        .execute();
      expect(rows.map(({ id }) => id)).toEqual([answer.body.id]);
    }
  });
});
