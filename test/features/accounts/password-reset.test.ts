import { hash } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { expect, it, vi } from 'vitest';
import type { AccountTables } from '../../../src/features/accounts/tables.ts';
import type { MailTables } from '../../../src/mail/tables.ts';
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
} from '../../helpers/accounts.ts';
import { describeOnEachDatabase, sqlite } from '../../helpers/databases.ts';
import { mailsTo, tokenIn } from '../../helpers/mails.ts';
import { serverForTest } from '../../helpers/server.ts';

vi.setConfig({ testTimeout: 90_000 });

const LINKS = '/accounts/password/links';
const NEW_PASSWORD = 'seven green bicycles';

const waitingMails = (app: FastifyInstance) =>
  app.database.as<MailTables>().db.selectFrom('mails').selectAll().execute();

describeOnEachDatabase('a forgotten password', (database) => {
  const server = serverOn(database);
  const forget = (email: string) =>
    expectJson(
      send(server.current, 'POST', '/accounts/password/forgotten', { body: { email } }),
      202,
    );
  const reset = (token: string, new_password = NEW_PASSWORD) =>
    send(server.current, 'POST', '/accounts/password/reset', { body: { token, new_password } });
  const linkFor = async (email: string, mails = 1) => {
    await forget(email);
    return tokenIn((await mailsTo(server.current, email, mails)).at(-1)!);
  };
  /** Moves the links of an account into the past. */
  const age = async (account_id: string, minutes: number) => {
    const { db } = server.current.app.database.as<AccountTables>();
    const created_at = Date.now() - minutes * 60_000;
    await db
      .updateTable('password_resets')
      .set({ created_at })
      .where('account_id', '=', account_id)
      .execute();
  };

  it('is replaced by a link in a mail: once, with the end of all sessions, a notice, and a record', async () => {
    const account = await register(server.current, {
      username: `https://evil.example/${freshEmail().slice(0, 8)}`,
    });
    const { access_token, refresh_token } = await signIn(server.current, account);
    await forget(account.email.toUpperCase());
    const [mail] = await mailsTo(server.current, account.email);
    expect(mail!.subject).toBe('Set a new password for Tally');
    // A stranger could have chosen the user name.
    expect(mail!.raw).not.toContain('evil.example');
    const token = tokenIn(mail!);
    expect(mail!.html).toContain(
      `href="${server.current.url}/pages/reset-password#token=${token}"`,
    );

    expect((await reset(token)).status).toBe(204);
    expect(await expectJson(me(server.current, access_token), 401)).toMatchObject({
      code: 'session_ended',
    });
    await expectJson(
      send(server.current, 'POST', '/accounts/refresh', { body: { refresh_token } }),
      401,
    );
    const old = { email: account.email, password: PASSWORD };
    await expectJson(send(server.current, 'POST', '/accounts/login', { body: old }), 401);
    await signIn(server.current, account, NEW_PASSWORD);
    expect(await expectJson(reset(token), 400)).toMatchObject({ code: 'invalid_link' });

    const [, notice] = await mailsTo(server.current, account.email, 2);
    expect(notice!.subject).toBe('Your password for Tally was changed');
    const { token: admin } = await signedInAdministrator(server.current);
    const events = await expectJson<{ results: { action: string; details: object }[] }>(
      send(server.current, 'GET', `/audit-events?subject=${account.id}`, { token: admin }),
    );
    const actions = events.results.map(({ action }) => action);
    expect(actions).toEqual(expect.arrayContaining(['password_reset_requested', 'password_reset']));
    expect(JSON.stringify(events)).not.toContain(token);
    expect(server.current.logs()).not.toContain(token);
  });

  it('goes to the address that the account has when the link is made', async () => {
    const { app } = server.current;
    const account = await register(server.current);
    const { db } = app.database.as<AccountTables>();
    const changed = freshEmail();
    const { promise: isLocked, resolve: locked } = Promise.withResolvers<void>();
    const { promise: isAsked, resolve: asked } = Promise.withResolvers<void>();
    // A change of the address is under way when the mail is made.
    const change = db.transaction().execute(async (trx) => {
      const key = hash('sha256', changed, 'buffer');
      const row = trx.updateTable('accounts').set({ email: changed, email_key: key });
      await row.where('id', '=', account.id).execute();
      locked();
      if (database.kind === 'sqlite') return;
      // Long enough for the mail to be due, and to wait for the account.
      await isAsked;
      await setTimeout(2500);
    });
    await isLocked;
    await forget(account.email);
    asked();
    await change;
    await expect.poll(() => waitingMails(app), { timeout: 20_000 }).toEqual([]);
    const old = await mailsTo(server.current, account.email, 0);
    expect(old).toEqual([]);
  });

  it('is told to the address of before, also if that changes next, and not without end', async () => {
    const account = await register(server.current);
    const password = (current_password: string, new_password: string) =>
      send(server.current, 'POST', '/accounts/password', {
        body: { username: account.username, current_password, new_password },
      });
    await expectJson(password(PASSWORD, NEW_PASSWORD), 204);
    const { access_token: token } = await signIn(server.current, account, NEW_PASSWORD);
    const body = { email: freshEmail(), current_password: NEW_PASSWORD };
    await expectJson(send(server.current, 'PATCH', '/accounts/me', { token, body }));
    const subjects = (await mailsTo(server.current, account.email, 2)).map(
      ({ subject }) => subject,
    );
    expect(subjects.sort()).toEqual([
      'Your e-mail address for Tally was changed',
      'Your password for Tally was changed',
    ]);
    for (let round = 0; round < 6; round += 1) {
      const next = round % 2 === 0 ? [NEW_PASSWORD, PASSWORD] : [PASSWORD, NEW_PASSWORD];
      await expectJson(password(next[0]!, next[1]!), 204);
      await expect.poll(() => waitingMails(server.current.app), { timeout: 20_000 }).toEqual([]);
    }
    await mailsTo(server.current, body.email, 2);
  });

  it('gives strangers the same answer and no mail', async () => {
    const stranger = freshEmail();
    await forget(stranger);
    await forget('no address');
    await expect.poll(() => waitingMails(server.current.app), { timeout: 20_000 }).toEqual([]);
    await mailsTo(server.current, stranger, 0);
  });

  it('refuses links that were replaced by a new password or address, are too old, tampered with, or of disabled accounts alike', async () => {
    const changed = await register(server.current);
    const moved = await register(server.current);
    const old = await register(server.current);
    const disabled = await register(server.current);
    const deleted = await register(server.current);
    const all = [changed, moved, old, disabled, deleted];
    const tokens = await Promise.all(all.map(({ email }) => linkFor(email)));
    const passwords = { current_password: PASSWORD, new_password: 'another new password' };
    const change = { email: changed.email, ...passwords };
    await expectJson(send(server.current, 'POST', '/accounts/password', { body: change }), 204);
    const { access_token: token } = await signIn(server.current, moved);
    const move = { email: freshEmail(), current_password: PASSWORD };
    await expectJson(send(server.current, 'PATCH', '/accounts/me', { token, body: move }));
    await age(old.id, 31);
    const { token: admin } = await signedInAdministrator(server.current);
    const path = `/accounts/${disabled.id}`;
    await expectJson(
      send(server.current, 'PATCH', path, { token: admin, body: { disabled: true } }),
    );
    const theirs = (await signIn(server.current, deleted)).access_token;
    const body = { password: PASSWORD };
    await expectJson(send(server.current, 'DELETE', '/accounts/me', { token: theirs, body }), 204);

    const answers = new Set<string>();
    for (const link of [...tokens, `${tokens[0]!.slice(0, -1)}~`, 'x', 'ä'.repeat(200)]) {
      const { request_id, ...problem } = await expectJson(reset(link), 400);
      answers.add(JSON.stringify(problem));
    }
    expect([...answers]).toEqual([expect.stringContaining('"invalid_link"')]);
    await signIn(server.current, old);
  });

  it('keeps a link whose new password is refused', async () => {
    const account = await register(server.current);
    const token = await linkFor(account.email);
    for (const weak of ['short', 'password123', account.email]) {
      expect(await expectJson(reset(token, weak), 400)).toMatchObject({ code: 'weak_password' });
    }
    expect((await reset(token)).status).toBe(204);
  });

  it('sets one password where two links, or one twice, are used at once', async () => {
    const account = await register(server.current);
    const links = [await linkFor(account.email), await linkFor(account.email, 2)];
    const passwords = ['first new password', 'second new password', 'third new password'];
    const uses = [...links, links[0]!];
    const answers = await Promise.all(uses.map((link, at) => reset(link, passwords[at]!)));
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 400, 400]);
    const winner = answers.findIndex(({ status }) => status === 204);
    await signIn(server.current, account, passwords[winner]);
  });

  it('lets no session survive that is started while the password is reset', async () => {
    const account = await register(server.current);
    const token = await linkFor(account.email);
    const signIns = Array.from({ length: 6 }, () =>
      signIn(server.current, account).catch(() => undefined),
    );
    const answer = await reset(token);
    expect(answer.status).toBe(204);
    for (const tokens of await Promise.all(signIns)) {
      if (tokens) expect((await me(server.current, tokens.access_token)).status).toBe(401);
    }
  });

  it('is mailed at most three times in an hour, and once while a mail waits; an administrator is not limited', async () => {
    const account = await register(server.current);
    await Promise.all([forget(account.email), forget(account.email), forget(account.email)]);
    await mailsTo(server.current, account.email, 1);
    await linkFor(account.email, 2);
    const link = await linkFor(account.email, 3);
    // Neither a link that is used nor another spelling makes room for more.
    expect((await reset(link)).status).toBe(204);
    await mailsTo(server.current, account.email, 4);
    await forget(account.email.toUpperCase().replace('E', 'Ｅ'));
    const { token } = await signedInAdministrator(server.current);
    const answer = await send(server.current, 'POST', LINKS, {
      token,
      body: { email: account.email },
    });
    expect([answer.status, await answer.text()]).toEqual([202, '']);
    await mailsTo(server.current, account.email, 5);
    await age(account.id, 61);
    await linkFor(account.email, 6);
  });

  it('is sent by administrators alone, for accounts that exist', async () => {
    const account = await register(server.current);
    const body = { email: account.email };
    const { access_token } = await signIn(server.current, account);
    await expectJson(send(server.current, 'POST', LINKS, { token: access_token, body }), 403);
    const { token } = await signedInAdministrator(server.current);
    const unknown = { email: freshEmail() };
    await expectJson(send(server.current, 'POST', LINKS, { token, body: unknown }), 404);
  });

  it('ends the delays of failed sign-ins', async () => {
    const account = await register(server.current);
    const body = { email: account.email, password: 'wrong' };
    const attempt = () => send(server.current, 'POST', '/accounts/login', { body });
    await expect.poll(async () => (await attempt()).status, { timeout: 30_000 }).toBe(429);
    expect((await reset(await linkFor(account.email))).status).toBe(204);
    await signIn(server.current, account, NEW_PASSWORD);
  });
});

it('names the product, the sender and the page that are set', async () => {
  const { url, drop } = await sqlite.create();
  const server = await serverForTest({
    DATABASE_URL: url,
    ...CHEAP_HASHES,
    MAIL_FROM: 'help@shop.example',
    MAIL_PRODUCT_NAME: 'Zoë’s "Shop", Ltd',
    MAIL_LINK_URL: 'https://shop.example/account/',
  });
  const { email } = await register(server);
  await expectJson(send(server, 'POST', '/accounts/password/forgotten', { body: { email } }), 202);
  const [mail] = await mailsTo(server, email);
  expect(mail!.raw).toMatch(/^From: .*<help@shop\.example>/m);
  expect(mail!.text).toContain('https://shop.example/account/reset-password#token=');
  expect(mail!.html).toContain('Zoë’s &quot;Shop&quot;, Ltd');
  await server.close();
  await drop();
});
