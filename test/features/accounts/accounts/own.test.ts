import { expect, it } from 'vitest';
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
} from '../../../helpers/accounts.ts';
import { describeOnEachDatabase } from '../../../helpers/databases.ts';

describeOnEachDatabase('/accounts/me', (database) => {
  const server = serverOn(database);
  const start = async (members: object = {}) => {
    const account = await register(server.current, { ...members });
    return { account, token: (await signIn(server.current, account)).access_token };
  };
  const patch = (token: string, body: unknown) =>
    send(server.current, 'PATCH', '/accounts/me', { token, body });
  const remove = (token: string, password: string) =>
    send(server.current, 'DELETE', '/accounts/me', { token, body: { password } });

  it('shows the account', async () => {
    const { account, token } = await start({ first_name: 'Zoë' });
    expect(await expectJson(me(server.current, token))).toEqual(account);
  });

  it('changes names, and nothing else with them', async () => {
    const { account, token } = await start({ first_name: 'Ada', last_name: 'King' });
    const changed = await expectJson(patch(token, { last_name: 'Lovelace 🎓' }));
    expect(changed).toEqual({ ...account, last_name: 'Lovelace 🎓' });
    expect(await expectJson(me(server.current, token))).toEqual(changed);
  });

  it('changes the e-mail address with the password, and the user name stays', async () => {
    const { account, token } = await start();
    const email = freshEmail();
    expect(await expectJson(patch(token, { email }), 400)).toMatchObject({
      code: 'validation_failed',
      errors: [{ path: '/current_password' }],
    });
    const wrong = { email, current_password: 'wrong' };
    expect(await expectJson(patch(token, wrong), 401)).toMatchObject({
      code: 'invalid_credentials',
    });
    const right = { email, current_password: PASSWORD };
    expect(await expectJson(patch(token, right))).toEqual({ ...account, email });
    await signIn(server.current, account);
    const body = { email, password: PASSWORD };
    await expectJson(send(server.current, 'POST', '/accounts/login', { body }));
  });

  it('refuses an e-mail address that is taken, and no attempt is counted', async () => {
    const [mine, theirs] = [await start(), await start()];
    const body = { email: theirs.account.email.toUpperCase(), current_password: PASSWORD };
    for (let round = 0; round < 12; round++) {
      expect(await expectJson(patch(mine.token, body), 409)).toMatchObject({
        code: 'email_taken',
      });
    }
    await signIn(server.current, mine.account);
  });

  it.each([
    ['the user name', { username: 'other' }],
    ['the role', { role: 'admin' }],
    ['nothing', {}],
  ])('refuses to change %s', async (_, body) => {
    const { token } = await start();
    expect(await expectJson(patch(token, body), 400)).toMatchObject({ code: 'validation_failed' });
  });

  it('deletes the account with the password, and never gives its user name away', async () => {
    const { account, token } = await start({ username: `gone-${freshEmail().split('@')[0]}` });
    await expectJson(remove(token, 'wrong'), 401);
    await expectJson(me(server.current, token));
    await expectJson(remove(token, PASSWORD), 204);
    await expectJson(me(server.current, token), 401);
    await expect(signIn(server.current, account)).rejects.toThrow('401');

    const { email, username } = account;
    const again = (members: object) =>
      send(server.current, 'POST', '/accounts', { body: { password: PASSWORD, ...members } });
    expect(await expectJson(again({ email, username: username.toUpperCase() }), 409)).toMatchObject(
      { code: 'username_taken' },
    );
    await expectJson(again({ email }), 201);
  });

  it('keeps of a deleted account neither names nor addresses nor the hash', async () => {
    const { account, token } = await start({ first_name: 'Forgotten' });
    await expectJson(remove(token, PASSWORD), 204);
    const { db } = server.current.app.database.as<{ accounts: { id: string } }>();
    const row = await db
      .selectFrom('accounts')
      .selectAll()
      .where('id', '=', account.id)
      .executeTakeFirstOrThrow();
    const text = JSON.stringify(row);
    for (const secret of [account.email, 'Forgotten', 'argon2']) expect(text).not.toContain(secret);
    const admin = await signedInAdministrator(server.current);
    const found = send(server.current, 'GET', `/accounts/${account.id}`, { token: admin.token });
    await expectJson(found, 404);
  });
});
