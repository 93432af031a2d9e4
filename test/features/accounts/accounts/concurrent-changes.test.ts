import { describe, expect, it, onTestFinished } from 'vitest';
import { loadConfig } from '../../../../src/config.ts';
import { openDatabase } from '../../../../src/database/database.ts';
import { createStore, type Repositories } from '../../../../src/features/accounts/store.ts';
import type { AccountTables } from '../../../../src/features/accounts/tables.ts';
import {
  expectJson,
  freshEmail,
  me,
  PASSWORD,
  register,
  send,
  serverOn,
  signedInAdministrator,
  signIn,
  type TestAccount,
} from '../../../helpers/accounts.ts';
import { describeOnEachDatabase } from '../../../helpers/databases.ts';

const LONG_ENOUGH_TO_WAIT_FOR_THE_LOCK = 400;
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Of a password that nobody uses here, made with the settings of CHEAP_HASHES. */
const OTHER_HASH =
  '$argon2id$v=19$m=64,t=1,p=1$xyq8tv0UaRXDbNUgAtnVQA$BvReKqpxouzkElOrqKOBT/TdhrbdJ76uwEyjF0etpEc';

describeOnEachDatabase('concurrent changes of an account', (database) => {
  const server = serverOn(database);
  const tables = () => server.current.app.database.as<AccountTables>();

  /** Sends a request while another process has changed the account and not committed yet. */
  async function sendDuring<T>(
    change: (repositories: Repositories) => Promise<unknown>,
    request: () => Promise<T>,
  ): Promise<T> {
    const other = openDatabase<AccountTables>(
      loadConfig({ DATABASE_URL: server.databaseUrl }).database,
    );
    onTestFinished(() => other.close());
    const sent = await createStore(other).transaction(async (repositories) => {
      await change(repositories);
      const answer = request();
      await pause(LONG_ENOUGH_TO_WAIT_FOR_THE_LOCK);
      return { answer };
    });
    return sent.answer;
  }

  const start = async (members: object = {}) => {
    const account = await register(server.current, { ...members });
    return { account, token: (await signIn(server.current, account)).access_token };
  };
  const remove = (token: string) =>
    send(server.current, 'DELETE', '/accounts/me', { token, body: { password: PASSWORD } });
  const changeEmail = (token: string) =>
    send(server.current, 'PATCH', '/accounts/me', {
      token,
      body: { email: freshEmail(), current_password: PASSWORD },
    });
  const changePassword = ({ username }: TestAccount) =>
    send(server.current, 'POST', '/accounts/password', {
      body: { username, current_password: PASSWORD, new_password: 'the next long password' },
    });
  const rowOf = ({ id }: TestAccount) =>
    tables().db.selectFrom('accounts').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
  const eventsOf = async ({ id }: TestAccount, action: string) =>
    tables()
      .db.selectFrom('audit_events')
      .selectAll()
      .where('subject_id', '=', id)
      .where('action', '=', action)
      .orderBy('id')
      .execute();

  it('end a session that starts while its account is deleted', async () => {
    const { account, token } = await start();
    const sessionId = crypto.randomUUID();
    const startSession = async ({ accounts, sessions }: Repositories) => {
      await accounts.lock(account.id);
      await sessions.insert({
        id: sessionId,
        account_id: account.id,
        created_at: Date.now(),
        used_at: Date.now(),
        expires_at: Date.now() + 60_000,
        user_agent: '',
        address: '',
      });
    };
    await expectJson(
      sendDuring(startSession, () => remove(token)),
      204,
    );
    const left = await tables()
      .db.selectFrom('sessions')
      .select('id')
      .where('account_id', '=', account.id)
      .execute();
    expect(left).toEqual([]);
  });

  it('leave no session of a deleted account usable, even if its row is still there', async () => {
    const account = await register(server.current);
    const tokens = await signIn(server.current, account);
    await tables()
      .db.updateTable('accounts')
      .set({ deleted_at: Date.now() })
      .where('id', '=', account.id)
      .execute();
    await expectJson(me(server.current, tokens.access_token), 401);
    const body = { refresh_token: tokens.refresh_token };
    await expectJson(send(server.current, 'POST', '/accounts/refresh', { body }), 401);
  });

  const replaceHash =
    ({ id }: TestAccount) =>
    ({ accounts }: Repositories) =>
      accounts.update(id, { password_hash: OTHER_HASH });
  const disable =
    ({ id }: TestAccount) =>
    ({ accounts }: Repositories) =>
      accounts.update(id, { disabled_at: Date.now() });
  const empty =
    ({ id }: TestAccount) =>
    ({ accounts }: Repositories) =>
      accounts.update(id, { deleted_at: Date.now(), password_hash: null });

  describe.each([
    ['the deletion', ({ token }: { token: string }) => remove(token)],
    ['a new e-mail address', ({ token }: { token: string }) => changeEmail(token)],
    ['a new password', ({ account }: { account: TestAccount }) => changePassword(account)],
  ])('refuse %s with the old password', (_, request) => {
    it.each([
      ['the password changes', replaceHash, 'invalid_credentials', 401],
      ['the account is disabled', disable, 'account_disabled', 403],
      ['the account is deleted', empty, 'invalid_credentials', 401],
    ] as const)('while %s', async (_, change, code, status) => {
      const signedIn = await start();
      const before = await rowOf(signedIn.account);
      const answer = sendDuring(change(signedIn.account), () => request(signedIn));
      expect(await expectJson(answer, status)).toMatchObject({ code });
      const after = await rowOf(signedIn.account);
      expect(after).toMatchObject({ email: before.email, username: before.username });
      const hash = { [replaceHash.name]: OTHER_HASH, [empty.name]: null };
      expect(after.password_hash).toBe(
        change.name in hash ? hash[change.name] : before.password_hash,
      );
    });
  });

  it('refuse new names while the account is disabled or deleted', async () => {
    for (const [change, status] of [
      [disable, 403],
      [empty, 404],
    ] as const) {
      const { account, token } = await start({ first_name: 'Before' });
      const body = { first_name: 'After' };
      await expectJson(
        sendDuring(change(account), () =>
          send(server.current, 'PATCH', '/accounts/me', { token, body }),
        ),
        status,
      );
      expect(await rowOf(account)).toMatchObject({ first_name: 'Before' });
      expect(await eventsOf(account, 'account_changed')).toEqual([]);
    }
  });

  it('keep both names in the search', async () => {
    const { account, token } = await start();
    const mark = account.id.slice(-12);
    const renamed = ({ accounts }: Repositories) =>
      accounts.update(account.id, { first_name: `first${mark}` });
    await expectJson(
      sendDuring(renamed, () =>
        send(server.current, 'PATCH', '/accounts/me', {
          token,
          body: { last_name: `last${mark}` },
        }),
      ),
    );
    const admin = await signedInAdministrator(server.current);
    for (const search of [`first${mark}`, `last${mark}`]) {
      const path = `/accounts?search=${search}`;
      const found = await expectJson<{ count: number }>(
        send(server.current, 'GET', path, { token: admin.token }),
      );
      expect(found.count, search).toBe(1);
    }
  });

  it('record one deletion, though four are asked for at once', async () => {
    const { account, token } = await start();
    const answers = await Promise.all([1, 2, 3, 4].map(() => remove(token)));
    expect(answers.filter(({ status }) => status === 204)).toHaveLength(1);
    expect(await eventsOf(account, 'account_deleted')).toHaveLength(1);
  });

  it('record only what changed', async () => {
    const { account, token } = await start({ first_name: 'Ada', last_name: 'King' });
    const patch = (body: object) =>
      expectJson(send(server.current, 'PATCH', '/accounts/me', { token, body }));
    await patch({ first_name: 'Ada' });
    expect(await eventsOf(account, 'account_changed')).toEqual([]);
    await patch({ first_name: 'Ada', last_name: 'Lovelace' });
    const [event] = await eventsOf(account, 'account_changed');
    expect(JSON.parse(event!.details)).toEqual({ members: 'last_name' });
  });

  it('record a chain of tiers, in which each begins where the one before ended', async () => {
    const account = await register(server.current);
    const admin = await signedInAdministrator(server.current);
    const tiers = ['premium', 'enterprise', 'basic', 'premium', 'enterprise', 'premium'];
    await Promise.all(
      tiers.map((tier) =>
        expectJson(
          send(server.current, 'PATCH', `/accounts/${account.id}`, {
            token: admin.token,
            body: { tier },
          }),
        ),
      ),
    );
    const changes = (await eventsOf(account, 'tier_changed')).map(
      ({ details }) => JSON.parse(details) as { from: string; to: string },
    );
    const { tier: last } = await rowOf(account);
    const degree = new Map<string, number>();
    for (const { from, to } of changes) {
      expect(from).not.toBe(to);
      degree.set(from, (degree.get(from) ?? 0) + 1);
      degree.set(to, (degree.get(to) ?? 0) - 1);
    }
    // Whatever the order is, a chain leaves its first tier once more than it enters it.
    const ends = [...degree].filter(([, count]) => count !== 0);
    expect(ends.toSorted()).toEqual(
      last === 'basic'
        ? []
        : [
            ['basic', 1],
            [last, -1],
          ].toSorted(),
    );
  });

  it('answer a change by an administrator with what was changed', async () => {
    const account = await register(server.current);
    const admin = await signedInAdministrator(server.current);
    const answer = sendDuring(
      ({ accounts }) => accounts.update(account.id, { first_name: 'Meanwhile' }),
      () =>
        send(server.current, 'PATCH', `/accounts/${account.id}`, {
          token: admin.token,
          body: { tier: 'premium' },
        }),
    );
    expect(await expectJson(answer)).toMatchObject({ first_name: 'Meanwhile', tier: 'premium' });
  });
});
