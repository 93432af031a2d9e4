import { randomUUID } from 'node:crypto';
import { beforeAll, expect, it, onTestFinished } from 'vitest';
import {
  CHEAP_HASHES,
  expectJson,
  freshEmail,
  me,
  PASSWORD,
  register,
  send,
  serverOn,
  signedInAdministrator,
  signIn,
  type Tokens,
} from '../../../helpers/accounts.ts';
import { describeOnEachDatabase } from '../../../helpers/databases.ts';
import { guestToken, serverForTest } from '../../../helpers/server.ts';

interface Page<T> {
  count: number;
  next: string | null;
  previous: string | null;
  results: T[];
}
interface Event {
  action: string;
  subject: string | null;
  actor: string | null;
  address: string;
  request_id: string;
  details: Record<string, string>;
}

describeOnEachDatabase('administrators', (database) => {
  const server = serverOn(database);
  let admin: Awaited<ReturnType<typeof signedInAdministrator>>;
  beforeAll(async () => {
    admin = await signedInAdministrator(server.current);
  });
  const asAdmin = (method: string, path: string, body?: unknown) =>
    send(server.current, method, path, { token: admin.token, body });
  const page = <T>(path: string) => expectJson<Page<T>>(asAdmin('GET', path));
  const patch = (id: string, body: unknown) => asAdmin('PATCH', `/accounts/${id}`, body);
  const events = async (subject: string) =>
    (await page<Event>(`/audit-events?subject=${subject}`)).results;

  it('list and search accounts, page by page', async () => {
    const mark = freshEmail().split('@')[0]!;
    const names = ['Ärger_1', 'Ärger%2', 'ärgerx3'];
    for (const first_name of names) await register(server.current, { first_name, last_name: mark });
    const search = encodeURIComponent(mark.toUpperCase());
    const first = await page<{ first_name: string }>(`/accounts?search=${search}&limit=2`);
    expect(first).toMatchObject({ count: 3, previous: null });
    expect(first.results.map(({ first_name }) => first_name)).toEqual(names.slice(0, 2));
    expect(new URL(first.next!).searchParams.get('search')).toBe(mark.toUpperCase());
    const second = await page<{ first_name: string }>(first.next!.slice(server.current.url.length));
    expect(second).toMatchObject({ count: 3, next: null });
    expect(second.results.map(({ first_name }) => first_name)).toEqual(names.slice(2));
    const back = await page(second.previous!.slice(server.current.url.length));
    expect(back).toEqual(first);

    const counts = async (text: string) =>
      (await page(`/accounts?search=${encodeURIComponent(text)}`)).count;
    expect(await counts(`ärger_1\n${mark}`.split('\n')[0]!)).toBeGreaterThan(0);
    expect(await counts('gibts\\nicht%_|')).toBe(0);
    const percent = await page<{ first_name: string }>('/accounts?search=r%25');
    expect(percent.results.every(({ first_name }) => first_name.includes('%'))).toBe(true);
  });

  it.each([
    ['ΝΙΚΟΣΑΚΗΣ', 'ΝΙΚΟΣ'],
    ['Νίκος', 'ΝΊΚΟΣ'],
    ['Groß', 'GROSS'],
    ['GROSSMANN', 'großm'],
  ])('find %s by %s', async (first_name, text) => {
    const last_name = freshEmail().split('@')[0]!;
    const { id } = await register(server.current, { first_name, last_name });
    const found = await page<{ id: string }>(
      `/accounts?search=${encodeURIComponent(text)}&limit=200`,
    );
    expect(found.results.map((account) => account.id)).toContain(id);
  });

  it('get the count and the entries of a page from one moment', async () => {
    const mark = freshEmail().split('@')[0]!;
    let isOver = false;
    const registering = (async () => {
      for (let round = 0; round < 30; round++) await register(server.current, { last_name: mark });
      isOver = true;
    })();
    while (!isOver) {
      for (const path of [
        `/accounts?search=${mark}&limit=200`,
        '/audit-events?action=role_changed&limit=200',
      ]) {
        const { count, results } = await page<object>(path);
        expect(results).toHaveLength(count);
      }
    }
    await registering;
  });

  it.each(['page=0', 'page=x', 'limit=201', 'limit=0', 'search=', 'search=%00'])(
    'cannot ask for %s',
    async (query) => {
      expect(await expectJson(asAdmin('GET', `/accounts?${query}`), 400)).toMatchObject({
        code: 'validation_failed',
      });
    },
  );

  it('see an account', async () => {
    const account = await register(server.current);
    expect(await expectJson(asAdmin('GET', `/accounts/${account.id}`))).toEqual({
      ...account,
      disabled: false,
    });
    expect(await expectJson(asAdmin('GET', `/accounts/${randomUUID()}`), 404)).toMatchObject({
      code: 'account_not_found',
    });
    await expectJson(asAdmin('GET', '/accounts/nonsense'), 400);
  });

  it('disable an account, which ends its sessions, and says so only to its owner', async () => {
    const account = await register(server.current);
    const tokens = await signIn(server.current, account);
    expect(await expectJson(patch(account.id, { disabled: true }))).toMatchObject({
      disabled: true,
    });
    await expectJson(me(server.current, tokens.access_token), 401);
    const body = { refresh_token: tokens.refresh_token };
    await expectJson(send(server.current, 'POST', '/accounts/refresh', { body }), 401);
    const login = (password: string) =>
      send(server.current, 'POST', '/accounts/login', {
        body: { username: account.username, password },
      });
    expect(await expectJson(login(PASSWORD), 403)).toMatchObject({ code: 'account_disabled' });
    expect(await expectJson(login('wrong'), 401)).toMatchObject({ code: 'invalid_credentials' });
    await expectJson(patch(account.id, { disabled: false }));
    await signIn(server.current, account);
  });

  it('change role and tier, which counts at once', async () => {
    const account = await register(server.current);
    const { access_token: token } = await signIn(server.current, account);
    const list = () => send(server.current, 'GET', '/accounts', { token });
    await expectJson(list(), 403);
    expect(await expectJson(patch(account.id, { role: 'admin', tier: 'premium' }))).toMatchObject({
      role: 'admin',
      tier: 'premium',
    });
    await expectJson(list());
    await expectJson(patch(account.id, { role: 'user' }));
    await expectJson(list(), 403);
  });

  it.each([
    [{ tier: 'no-such-tier' }, 'unknown_tier'],
    [{ tier: 'No Tier' }, 'validation_failed'],
    [{ role: 'king' }, 'validation_failed'],
    [{ disabled: 'true' }, 'validation_failed'],
    [{ username: 'x' }, 'validation_failed'],
    [{}, 'validation_failed'],
  ])('cannot change an account to %j', async (body, code) => {
    const account = await register(server.current);
    expect(await expectJson(patch(account.id, body), 400)).toMatchObject({ code });
    await expectJson(patch(randomUUID(), { tier: 'basic' }), 404);
  });

  it('read what happened, in which there is no secret', async () => {
    const secret = 'a secret that nobody reads';
    const account = await register(server.current, { password: secret });
    const login = (password: string) =>
      send(server.current, 'POST', '/accounts/login', {
        body: { username: account.username, password },
        headers: { 'x-request-id': 'my-request' },
      });
    await expectJson(login('wrong secret'), 401);
    const tokens = await expectJson<Tokens>(login(secret));
    await expectJson(patch(account.id, { role: 'admin', tier: 'premium', disabled: true }));
    await expectJson(patch(account.id, { role: 'user', disabled: false }));
    await signIn(server.current, account, secret);
    const change = {
      username: account.username,
      current_password: secret,
      new_password: 'the next secret of mine',
    };
    await expectJson(send(server.current, 'POST', '/accounts/password', { body: change }), 204);
    const list = await events(account.id);
    expect(list.map(({ action }) => action).toReversed()).toEqual([
      'account_created',
      'sign_in_failed',
      'signed_in',
      'role_changed',
      'tier_changed',
      'account_disabled',
      'role_changed',
      'account_enabled',
      'signed_in',
      'password_changed',
    ]);
    const [failed] = list.filter(({ action }) => action === 'sign_in_failed');
    expect(failed).toMatchObject({
      subject: account.id,
      actor: null,
      address: '127.0.0.1',
      request_id: 'my-request',
    });
    const [, changed] = list.filter(({ action }) => action === 'role_changed');
    expect(changed).toMatchObject({
      actor: admin.account.id,
      details: { from: 'user', to: 'admin' },
    });
    const text = JSON.stringify(list);
    for (const hidden of ['secret', tokens.access_token, tokens.refresh_token]) {
      expect(text).not.toContain(hidden);
      expect(server.current.logs()).not.toContain(hidden);
    }
  });

  it('read of lockouts, once for each', async () => {
    const account = await register(server.current);
    const login = () =>
      send(server.current, 'POST', '/accounts/login', {
        body: { username: account.username, password: 'wrong' },
      });
    await Promise.all(Array.from({ length: 25 }, login));
    const actions = (await events(account.id)).map(({ action }) => action);
    expect(actions.filter((action) => action === 'sign_in_failed')).toHaveLength(10);
    expect(actions.filter((action) => action === 'locked_out')).toHaveLength(1);
  });

  it('filter what happened by kind', async () => {
    const list = await page<Event>('/audit-events?action=account_created&limit=1');
    expect(list.results.map(({ action }) => action)).toEqual(['account_created']);
    await expectJson(asAdmin('GET', '/audit-events?action=nonsense'), 400);
  });

  it('are no others: everyone else is refused', async () => {
    const account = await register(server.current);
    const { access_token } = await signIn(server.current, account);
    for (const token of [access_token, await guestToken(server.current)]) {
      for (const [method, path] of [
        ['GET', '/accounts'],
        ['GET', `/accounts/${account.id}`],
        ['PATCH', `/accounts/${account.id}`],
        ['GET', '/audit-events'],
      ] as const) {
        const body = method === 'PATCH' ? { role: 'admin' } : undefined;
        expect(
          await expectJson(send(server.current, method, path, { token, body }), 403),
        ).toMatchObject({
          code: 'insufficient_scope',
          detail:
            'The token lacks the scope "admin". An administrator must sign in: POST /accounts/login.',
        });
      }
    }
  });
});

describeOnEachDatabase('the last administrator on $name', (database) => {
  const start = async () => {
    const { url, drop } = await database.create();
    onTestFinished(drop);
    const server = await serverForTest({ DATABASE_URL: url, ...CHEAP_HASHES });
    return { server, admin: await signedInAdministrator(server) };
  };

  it('cannot be demoted, disabled or deleted', async () => {
    const { server, admin } = await start();
    const { token, account } = admin;
    const path = `/accounts/${account.id}`;
    for (const body of [{ role: 'user' }, { disabled: true }]) {
      expect(await expectJson(send(server, 'PATCH', path, { token, body }), 409)).toMatchObject({
        code: 'last_administrator',
      });
    }
    const confirmed = { token, body: { password: PASSWORD } };
    await expectJson(send(server, 'DELETE', '/accounts/me', confirmed), 409);
    await expectJson(send(server, 'GET', '/accounts', { token }));
  });

  it('remains, though all administrators depose each other at once', async () => {
    const { server, admin } = await start();
    const admins = [admin];
    for (let count = 0; count < 3; count++) admins.push(await signedInAdministrator(server));
    await Promise.all(
      admins.flatMap(({ token }) =>
        admins.map(({ account }, index) =>
          send(server, 'PATCH', `/accounts/${account.id}`, {
            token,
            body: index % 2 ? { role: 'user' } : { disabled: true },
          }),
        ),
      ),
    );
    const { db } = server.app.database.as<{
      accounts: { role: string; disabled_at: number | null };
    }>();
    const administrators = await db
      .selectFrom('accounts')
      .selectAll()
      .where('role', '=', 'admin')
      .where('disabled_at', 'is', null)
      .execute();
    expect(administrators).toHaveLength(1);
  });
});
