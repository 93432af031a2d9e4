import { deepStrictEqual, strictEqual } from 'node:assert';
import { Tally, type TokenSet, type TokenStore } from '../../../generated-client/dist/index.js';
import { collect, expectProblem } from './steps.ts';
import type { World } from './world.ts';

/** Keeps tokens in an object that the steps can read and change. */
function openStore(): TokenStore & { tokens: TokenSet | undefined } {
  return {
    tokens: undefined,
    load() {
      return this.tokens;
    },
    save(tokens) {
      this.tokens = tokens;
    },
    clear() {
      this.tokens = undefined;
    },
  };
}

export async function testAccounts({ run, url, unique, customer, credentials }: World) {
  const { accounts } = customer;
  await run.step('refuses a taken e-mail address, a weak password and a wrong one', async () => {
    const email = `${unique}@example.com`;
    const { password } = credentials;
    await expectProblem(accounts.register({ email, password }), 409, 'email_taken');
    const weak = { email: `weak-${email}`, password: 'password' };
    await expectProblem(accounts.register(weak), 400, 'weak_password');
    const wrong = { ...credentials, password: 'not this password' };
    await expectProblem(new Tally({ baseUrl: url }).login(wrong), 401, 'invalid_credentials');
  });
  await run.step('changes the own account', async () => {
    await accounts.updateOwn({ first_name: 'Ada', last_name: unique });
    const { username, first_name, last_name } = await accounts.getOwn();
    deepStrictEqual([username, first_name, last_name], [unique, 'Ada', unique]);
  });
  await run.step('refreshes a session, whose tokens change', async () => {
    const tokenStore = openStore();
    const tally = new Tally({ baseUrl: url, tokenStore });
    await tally.login(credentials);
    const before = tokenStore.tokens!;
    tokenStore.tokens = { ...before, expiresAt: 0 };
    await tally.accounts.getOwn();
    const after = tokenStore.tokens!;
    strictEqual(after.accessToken !== before.accessToken, true, 'another access token');
    strictEqual(after.refreshToken !== before.refreshToken, true, 'another refresh token');
    await tally.logout();
  });
  await run.step('ends a session at once, from another one', async () => {
    const other = new Tally({ baseUrl: url });
    const { access_token: token } = await other.login(credentials);
    const bearer = new Tally({ baseUrl: url, token });
    await bearer.accounts.getOwn();
    const sessions = await collect(accounts.listSessions());
    strictEqual(sessions.filter(({ current }) => current).length, 1, 'one current session');
    for (const { id, current } of sessions) if (!current) await accounts.deleteSession(id);
    await expectProblem(bearer.accounts.getOwn(), 401, 'session_ended');
  });
  await run.step('signs out', async () => {
    const tally = new Tally({ baseUrl: url });
    const { access_token: token } = await tally.login(credentials);
    await tally.logout();
    await expectProblem(tally.accounts.getOwn(), 401, 'missing_token');
    const bearer = new Tally({ baseUrl: url, token });
    await expectProblem(bearer.accounts.getOwn(), 401, 'session_ended');
  });
  await run.step(
    'asks for a link to a new password, and refuses one that is not whole',
    async () => {
      const tally = new Tally({ baseUrl: url });
      await tally.accounts.requestPasswordReset({ email: `${unique}-nobody@example.com` });
      const body = {
        token: 'not-the-token-of-a-link',
        new_password: `${credentials.password}-new`,
      };
      await expectProblem(tally.accounts.resetPassword(body), 400, 'invalid_link');
    },
  );
  await run.step('registers once under one idempotency key', async () => {
    const tally = new Tally({ baseUrl: url });
    const password = `${credentials.password}-twice`;
    const account = { email: `${unique}-twice@example.com`, password };
    const options = { idempotencyKey: `${unique}-register` };
    const { id } = await tally.accounts.register(account, options);
    strictEqual((await tally.accounts.register(account, options)).id, id);
    await tally.login({ email: account.email, password });
    await tally.accounts.deleteOwn({ password });
    const { email } = account;
    await expectProblem(tally.login({ email, password }), 401, 'invalid_credentials');
  });
}
