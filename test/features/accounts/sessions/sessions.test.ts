import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeJwt } from 'jose';
import { expect, it, onTestFinished } from 'vitest';
import type { AccountTables } from '../../../../src/features/accounts/tables.ts';
import {
  CHEAP_HASHES,
  expectJson,
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
import { guestToken, serverForTest, type TestServer } from '../../../helpers/server.ts';

const refresh = (server: { url: string }, refresh_token: string) =>
  send(server, 'POST', '/accounts/refresh', { body: { refresh_token } });
const sessionsOf = async (server: { url: string }, token: string) =>
  (
    await expectJson<{ results: { id: string; current: boolean; user_agent: string }[] }>(
      send(server, 'GET', '/accounts/sessions', { token }),
    )
  ).results;
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

describeOnEachDatabase('sessions', (database) => {
  const server = serverOn(database);
  const start = async () => {
    const account = await register(server.current);
    return { account, tokens: await signIn(server.current, account) };
  };

  it('start with a token of the account', async () => {
    const { account, tokens } = await start();
    expect(tokens).toEqual({
      access_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: 3600,
      scope: 'sum accounts',
      refresh_token: expect.stringMatching(/^[\w-]{43}$/),
    });
    const claims = decodeJwt(tokens.access_token);
    expect(claims).toMatchObject({
      sub: account.username,
      uid: account.id,
      acr: '1',
      scope: 'sum accounts',
    });
    const body = await expectJson(me(server.current, tokens.access_token));
    expect(body).toMatchObject({ id: account.id });
    const sum = await fetch(`${server.current.url}/sum`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${tokens.access_token}`,
        'content-type': 'application/json',
      },
      body: '[1,2,3,4]',
    });
    expect(sum.status).toBe(200);
  });

  it('answer with no-store', async () => {
    const { account } = await start();
    const body = { email: account.email, password: PASSWORD };
    const response = await send(server.current, 'POST', '/accounts/login', { body });
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  it('are refreshed with a token that works once', async () => {
    const { tokens } = await start();
    const second = await expectJson<Tokens>(refresh(server.current, tokens.refresh_token));
    expect(second.refresh_token).not.toBe(tokens.refresh_token);
    expect(decodeJwt(second.access_token).sid).toBe(decodeJwt(tokens.access_token).sid);
    const third = await expectJson<Tokens>(refresh(server.current, second.refresh_token));
    await expectJson(me(server.current, third.access_token));

    // The first is not the immediate predecessor any more: someone has it who should not.
    const reused = await refresh(server.current, tokens.refresh_token);
    expect(await expectJson(Promise.resolve(reused), 401)).toMatchObject({
      code: 'invalid_refresh_token',
    });
    expect(reused.headers.get('www-authenticate')).toMatch(/^Bearer/);
    expect(await expectJson(me(server.current, third.access_token), 401)).toMatchObject({
      code: 'session_ended',
    });
    await expectJson(refresh(server.current, third.refresh_token), 401);
  });

  it('survive the loss of an answer', async () => {
    const { tokens } = await start();
    await expectJson(refresh(server.current, tokens.refresh_token));
    const again = await expectJson<Tokens>(refresh(server.current, tokens.refresh_token));
    const next = await expectJson<Tokens>(refresh(server.current, again.refresh_token));
    await expectJson(me(server.current, next.access_token));
  });

  it('survive 50 refreshes with one token at once: one session, and nobody is signed out', async () => {
    const { tokens } = await start();
    const answers = await Promise.all(
      Array.from({ length: 50 }, () =>
        expectJson<Tokens>(refresh(server.current, tokens.refresh_token)),
      ),
    );
    expect(await sessionsOf(server.current, answers[0]!.access_token)).toHaveLength(1);
    expect(new Set(answers.map((answer) => answer.refresh_token)).size).toBe(50);
    for (const answer of answers) await expectJson(me(server.current, answer.access_token));
    const next = await expectJson<Tokens>(refresh(server.current, answers[7]!.refresh_token));
    await expectJson(me(server.current, next.access_token));
  });

  it.each([
    ['the owner', 0],
    ['the thief', 1],
  ])('end when both of two tokens for the same one are used, first by %s', async (_, first) => {
    const { account, tokens } = await start();
    const pairs = [
      await expectJson<Tokens>(refresh(server.current, tokens.refresh_token)),
      await expectJson<Tokens>(refresh(server.current, tokens.refresh_token)),
    ];
    const next = await expectJson<Tokens>(refresh(server.current, pairs[first]!.refresh_token));
    const last = await expectJson<Tokens>(refresh(server.current, next.refresh_token));
    const second = refresh(server.current, pairs[1 - first]!.refresh_token);
    expect(await expectJson(second, 401)).toMatchObject({ code: 'invalid_refresh_token' });
    for (const { access_token, refresh_token } of [...pairs, next, last]) {
      await expectJson(me(server.current, access_token), 401);
      await expectJson(refresh(server.current, refresh_token), 401);
    }
    const { db } = server.current.app.database.as<AccountTables>();
    const events = await db
      .selectFrom('audit_events')
      .select('id')
      .where('subject_id', '=', account.id)
      .where('action', '=', 'refresh_token_reused')
      .execute();
    expect(events).toHaveLength(1);
  });

  it('end when two tokens for the same one are used at once', async () => {
    const { tokens } = await start();
    const pairs = await Promise.all(
      [1, 2].map(() => expectJson<Tokens>(refresh(server.current, tokens.refresh_token))),
    );
    const answers = await Promise.all(
      pairs.map(({ refresh_token }) => refresh(server.current, refresh_token)),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 401]);
    for (const { access_token } of pairs) await expectJson(me(server.current, access_token), 401);
  });

  it.each(['', 'x', 'x'.repeat(43), '\u0000', 'Zoë'])('refuse the token %j', async (token) => {
    await expectJson(refresh(server.current, token), token === '' ? 400 : 401);
  });

  it('store of a refresh token only its SHA-256', async () => {
    const { tokens } = await start();
    const { db } = server.current.app.database.as<{ refresh_tokens: { hash: Buffer } }>();
    const rows = await db.selectFrom('refresh_tokens').selectAll().execute();
    for (const { hash } of rows) expect(hash).toHaveLength(32);
    const stored = Buffer.concat(rows.map(({ hash }) => hash));
    expect(stored.includes(Buffer.from(tokens.refresh_token))).toBe(false);
    expect(stored.includes(Buffer.from(tokens.refresh_token, 'base64url'))).toBe(false);
    expect(server.current.logs()).not.toContain(tokens.refresh_token);
  });

  it('end at once when their owner signs out', async () => {
    const { account, tokens } = await start();
    const other = await signIn(server.current, account);
    const token = tokens.access_token;
    await expectJson(send(server.current, 'POST', '/accounts/logout', { token }), 204);
    const refused = await me(server.current, token);
    expect(refused.headers.get('www-authenticate')).toContain('error="invalid_token"');
    expect(await expectJson(Promise.resolve(refused), 401)).toMatchObject({
      code: 'session_ended',
    });
    await expectJson(send(server.current, 'POST', '/sum', { token, body: [1] }), 401);
    await expectJson(refresh(server.current, tokens.refresh_token), 401);
    await expectJson(me(server.current, other.access_token));
  });

  it('are listed and ended one by one', async () => {
    const { account, tokens } = await start();
    const body = { username: account.username, password: PASSWORD };
    const headers = { 'user-agent': 'a phone' };
    const phone = await expectJson<Tokens>(
      send(server.current, 'POST', '/accounts/login', { body, headers }),
    );
    const token = tokens.access_token;
    const list = await sessionsOf(server.current, token);
    expect(list).toEqual([
      {
        id: decodeJwt(phone.access_token).sid,
        created: expect.any(String),
        updated: expect.any(String),
        user_agent: 'a phone',
        address: '127.0.0.1',
        current: false,
      },
      expect.objectContaining({ id: decodeJwt(token).sid, current: true }),
    ]);
    const path = `/accounts/sessions/${list[0]!.id}`;
    await expectJson(send(server.current, 'DELETE', path, { token }), 204);
    await expectJson(me(server.current, phone.access_token), 401);
    expect(await sessionsOf(server.current, token)).toHaveLength(1);
    expect(await expectJson(send(server.current, 'DELETE', path, { token }), 404)).toMatchObject({
      code: 'session_not_found',
    });
  });

  it('are listed page by page', async () => {
    const { account, tokens } = await start();
    for (let count = 0; count < 2; count++) await signIn(server.current, account);
    const page = await expectJson<{ count: number; next: string | null; results: unknown[] }>(
      send(server.current, 'GET', '/accounts/sessions?limit=2', { token: tokens.access_token }),
    );
    expect([page.count, page.results.length]).toEqual([3, 2]);
    const { pathname, search } = new URL(page.next!);
    const last = send(server.current, 'GET', pathname + search, { token: tokens.access_token });
    expect(await expectJson(last)).toMatchObject({
      count: 3,
      next: null,
      results: [{ current: true }],
    });
  });

  it('of others are nobody’s business', async () => {
    const [mine, theirs] = [await start(), await start()];
    const path = `/accounts/sessions/${decodeJwt(theirs.tokens.access_token).sid}`;
    const token = mine.tokens.access_token;
    await expectJson(send(server.current, 'DELETE', path, { token }), 404);
    await expectJson(me(server.current, theirs.tokens.access_token));
  });

  it('all end when the password changes', async () => {
    const { account, tokens } = await start();
    const body = {
      username: account.username,
      current_password: PASSWORD,
      new_password: 'another long password',
    };
    await expectJson(send(server.current, 'POST', '/accounts/password', { body }), 204);
    await expectJson(me(server.current, tokens.access_token), 401);
    await expectJson(refresh(server.current, tokens.refresh_token), 401);
    await expect(signIn(server.current, account)).rejects.toThrow('401');
    await signIn(server.current, account, 'another long password');
  });

  it('do not outlive a password that changes while they start', async () => {
    const account = await register(server.current);
    let password = PASSWORD;
    for (let round = 0; round < 5; round++) {
      const next = `password number ${round} ${account.id}`;
      const body = {
        username: account.username,
        current_password: password,
        new_password: next,
      };
      const [change, ...signIns] = await Promise.all([
        send(server.current, 'POST', '/accounts/password', { body }),
        ...Array.from({ length: 4 }, () =>
          send(server.current, 'POST', '/accounts/login', {
            body: { username: account.username, password },
          }),
        ),
      ]);
      expect(change!.status).toBe(204);
      for (const response of signIns) {
        if (response.status !== 200) continue;
        const { access_token } = (await response.json()) as Tokens;
        await expectJson(me(server.current, access_token), 401);
      }
      password = next;
    }
  });

  it('are refused to guests', async () => {
    const token = await guestToken(server.current);
    for (const [method, path] of [
      ['GET', '/accounts/me'],
      ['GET', '/accounts/sessions'],
      ['POST', '/accounts/logout'],
      ['GET', '/accounts'],
      ['GET', '/audit-events'],
    ] as const) {
      const response = await send(server.current, method, path, { token });
      expect(response.headers.get('www-authenticate')).toContain('insufficient_scope');
      await expectJson(Promise.resolve(response), 403);
    }
  });
});

describeOnEachDatabase('two replicas', (database) => {
  const one = serverOn(database);

  it('agree at once on sessions that have ended, and on roles', async () => {
    const keys = { SIGNING_KEYS: await signingKeysOf(one.current) };
    const shared = {
      ...CHEAP_HASHES,
      ...keys,
      DATABASE_URL: one.databaseUrl,
      PUBLIC_URL: one.current.url,
    };
    const two = await serverForTest(shared);
    const other = { url: `http://localhost:${two.config.http.port}` };
    const account = await register(one.current);
    const { access_token: token } = await signIn(one.current, account);
    await expectJson(me(other, token));
    const admin = await signedInAdministrator(one.current);
    await expectJson(send(other, 'GET', '/accounts', { token }), 403);
    const path = `/accounts/${account.id}`;
    const promote = { token: admin.token, body: { role: 'admin' } };
    await expectJson(send(one.current, 'PATCH', path, promote));
    await expectJson(send(other, 'GET', '/accounts', { token }));
    const demote = { token: admin.token, body: { role: 'user' } };
    await expectJson(send(other, 'PATCH', path, demote));
    await expectJson(send(one.current, 'GET', '/accounts', { token }), 403);
    await expectJson(send(other, 'POST', '/accounts/logout', { token }), 204);
    await expectJson(me(one.current, token), 401);
  });
});

async function signingKeysOf(server: TestServer): Promise<string> {
  return readFile(join(server.config.dataDir, 'signing-keys.json'), 'utf8');
}

describeOnEachDatabase('short sessions on $name', (database) => {
  const lifetimes = async (environment: Record<string, string>) => {
    const { url, drop } = await database.create();
    onTestFinished(drop);
    const server = await serverForTest({ DATABASE_URL: url, ...CHEAP_HASHES, ...environment });
    const account = await register(server);
    return { server, account, tokens: await signIn(server, account) };
  };
  const seconds = (count: number) => (count / 86_400).toFixed(12);

  it('end after their lifetime, however much they are refreshed', async () => {
    const { server, tokens } = await lifetimes({ SESSION_LIFETIME: seconds(2) });
    await pause(500);
    const next = await expectJson<Tokens>(refresh(server, tokens.refresh_token));
    await expectJson(me(server, next.access_token));
    await pause(1700);
    await expectJson(me(server, next.access_token), 401);
    await expectJson(refresh(server, next.refresh_token), 401);
  });

  it('end when they are not refreshed for a while', async () => {
    const { server, tokens } = await lifetimes({ SESSION_IDLE_TIME: seconds(2) });
    await pause(1500);
    const next = await expectJson<Tokens>(refresh(server, tokens.refresh_token));
    await pause(1200);
    await expectJson(me(server, next.access_token));
    await pause(1200);
    await expectJson(me(server, next.access_token), 401);
    await expectJson(refresh(server, next.refresh_token), 401);
  });

  it('end when a token comes back after the grace time', async () => {
    const { server, tokens } = await lifetimes({ REFRESH_GRACE: '1' });
    const next = await expectJson<Tokens>(refresh(server, tokens.refresh_token));
    await pause(1300);
    await expectJson(refresh(server, tokens.refresh_token), 401);
    await expectJson(me(server, next.access_token), 401);
    await expectJson(refresh(server, next.refresh_token), 401);
  });
});
