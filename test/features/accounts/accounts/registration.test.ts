import { expect, it } from 'vitest';
import {
  expectJson,
  freshEmail,
  PASSWORD,
  register,
  send,
  serverOn,
  signIn,
} from '../../../helpers/accounts.ts';
import { describeOnEachDatabase } from '../../../helpers/databases.ts';

describeOnEachDatabase('POST /accounts', (database) => {
  const server = serverOn(database);
  const post = (body: unknown) => send(server.current, 'POST', '/accounts', { body });
  const account = (members: object = {}) => ({
    email: freshEmail(),
    password: PASSWORD,
    ...members,
  });

  it('makes an account', async () => {
    const email = freshEmail();
    const response = await post(account({ email, first_name: 'Ada', last_name: 'Lovelace' }));
    expect(response.status).toBe(201);
    const made = (await response.json()) as { id: string };
    const location = `${server.current.config.http.publicUrl}/accounts/${made.id}`;
    expect(response.headers.get('location')).toBe(location);
    expect(made).toEqual({
      id: expect.stringMatching(
        /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
      ),
      username: email,
      email,
      first_name: 'Ada',
      last_name: 'Lovelace',
      role: 'user',
      tier: 'basic',
      created: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    });
  });

  it('makes another user name of an e-mail address that is free again, as someone has that name', async () => {
    const first = await register(server.current);
    const { access_token: token } = await signIn(server.current, first);
    const body = { email: freshEmail(), current_password: PASSWORD };
    await expectJson(send(server.current, 'PATCH', '/accounts/me', { token, body }));
    const second = await register(server.current, { email: first.email });
    expect(second.email).toBe(first.email);
    expect(second.username).toMatch(new RegExp(`^${first.email.split('@')[0]}-[0-9a-f]{8}$`));
    await signIn(server.current, second);
    const named = account({ email: freshEmail(), username: second.username });
    expect(await expectJson(post(named), 409)).toMatchObject({ code: 'username_taken' });
  });

  it.each([
    ['both are taken', true, true, 'email_taken'],
    ['the e-mail address is taken', true, false, 'email_taken'],
    ['the user name is taken', false, true, 'username_taken'],
  ])('says the same on every database where %s', async (_, sameEmail, sameName, code) => {
    const taken = await register(server.current, { username: `u${freshEmail().split('@')[0]}` });
    const body = account({
      ...(sameEmail && { email: taken.email }),
      username: sameName ? taken.username : `u${freshEmail().split('@')[0]}`,
    });
    expect(await expectJson(post(body), 409)).toMatchObject({ code });
    const { email } = await register(server.current);
    expect(await expectJson(post(account({ email })), 409)).toMatchObject({ code: 'email_taken' });
  });

  it('gives nobody a role or tier that they ask for', async () => {
    const made = await register(server.current, { role: 'admin', tier: 'enterprise' });
    expect(made).toMatchObject({ role: 'user', tier: 'basic' });
  });

  it('refuses an e-mail address that is taken, regardless of case', async () => {
    const { email } = await register(server.current);
    const body = account({ email: email.toUpperCase(), username: email.split('@')[0] });
    expect(await expectJson(post(body), 409)).toMatchObject({ code: 'email_taken' });
  });

  it.each([
    ['Ada', 'aDA'],
    ['Zoë', 'ZOE\u0308'],
    ['ﬁne', 'FINE'],
    ['Straße', 'STRAßE'],
  ])('refuses the user name %s where there is %s', async (first, second) => {
    const suffix = freshEmail().split('@')[0];
    await register(server.current, { username: first + suffix });
    expect(await expectJson(post(account({ username: second + suffix })), 409)).toMatchObject({
      code: 'username_taken',
    });
  });

  it('makes one account of 50 registrations at once', async () => {
    const body = account();
    const responses = await Promise.all(Array.from({ length: 50 }, () => post(body)));
    const statuses = responses.map(({ status }) => status).toSorted();
    expect(statuses).toEqual([201, ...Array(49).fill(409)]);
    const codes = await Promise.all(
      responses.filter(({ status }) => status === 409).map((response) => response.json()),
    );
    for (const { code } of codes as { code: string }[]) expect(code).toMatch(/_taken$/);
  });

  it.each([
    ['seven characters', 'a1!xyz7', /8 characters/],
    ['a common password', 'password123', /most common/],
    ['a common password in capitals', 'PASSWORD123', /most common/],
    ['one character', '𝕏'.repeat(12), /repeat/],
  ])('refuses %s as a password', async (_, password, reason) => {
    const problem = await expectJson(post(account({ password })), 400);
    expect(problem).toMatchObject({
      code: 'weak_password',
      detail: expect.stringMatching(reason),
      errors: [{ path: '/password', message: expect.stringMatching(reason) }],
    });
  });

  it.each([
    ['the e-mail address', { email: 'grace.hopper@example.com' }, 'Grace.Hopper@example.com'],
    ['what is before its @', { email: 'grace.hopper@example.com' }, 'grace.hopper'],
    ['the user name', { username: 'admiral-grace' }, 'Admiral-Grace'],
    ['the name', { first_name: 'Grace', last_name: 'Hopper' }, 'grace hopper'],
  ])('refuses %s as a password', async (_, members, password) => {
    expect(await expectJson(post(account({ ...members, password })), 400)).toMatchObject({
      code: 'weak_password',
      errors: [{ path: '/password', message: 'must not be your e-mail address or name' }],
    });
  });

  it.each([
    ['8 letters', 'xkvqzjwp'],
    ['spaces alone around', '  bread and butter  '],
    ['128 characters of four bytes', '🐎🔋📎🖇'.repeat(32)],
    ['a NUL', 'zero\u0000and more'],
  ])('takes %s as a password, as it is', async (_, password) => {
    const made = await register(server.current, { password });
    await signIn(server.current, made, password);
    const body = { username: made.username, password: password.trim().slice(0, 100) };
    if (body.password !== password) {
      await expectJson(send(server.current, 'POST', '/accounts/login', { body }), 401);
    }
  });

  it.each(['password', 'current_password'])(
    'takes no half of a surrogate pair for a replacement character in a %s',
    async (member) => {
      const made = await register(server.current, { password: 'replaced \ufffd there' });
      const half = 'replaced \ud800 there';
      const [path, body] =
        member === 'password'
          ? ['/accounts/login', { password: half }]
          : ['/accounts/password', { current_password: half, new_password: PASSWORD }];
      const answer = send(server.current, 'POST', path, {
        body: { username: made.username, ...body },
      });
      expect(await expectJson(answer, 400)).toMatchObject({ errors: [{ path: `/${member}` }] });
      await signIn(server.current, made, 'replaced \ufffd there');
    },
  );

  it('takes marks that names in several scripts need', async () => {
    const names = { first_name: 'نوش\u200cآفرین', last_name: '👩\u200d🎓 क्\u200dष' };
    expect(await register(server.current, names)).toMatchObject(names);
  });

  it('takes a password however a keyboard composes it', async () => {
    const made = await register(server.current, { password: 'cafe\u0301 au lait' });
    await signIn(server.current, made, 'caf\u00e9 au lait');
  });

  it.each([
    ['129 characters', `${'ab'.repeat(64)}c`],
    ['half a surrogate pair', 'half a pair \ud800'],
  ])('refuses %s as a password', async (_, password) => {
    expect(await expectJson(post(account({ password })), 400)).toMatchObject({
      code: 'validation_failed',
      errors: [{ path: '/password' }],
    });
  });

  it.each([
    ['no e-mail address', { email: 'ada' }, '/email'],
    ['an e-mail address of 255 characters', { email: `${'a'.repeat(243)}@example.com` }, '/email'],
    ['a user name with a space', { username: 'a b' }, '/username'],
    ['a user name with a control character', { username: 'a\u0000b' }, '/username'],
    ['a user name with half a surrogate pair', { username: 'a\ud800' }, '/username'],
    ['a foreign address as user name', { username: 'eve@example.com' }, '/username'],
    ['one with a full-width @', { username: 'eve\uff20example.com' }, '/username'],
    ['one with a small @', { username: 'eve\ufe6bexample.com' }, '/username'],
    [
      'its own address with a full-width @',
      { email: 'eve@example.com', username: 'eve\uff20example.com' },
      '/username',
    ],
    ['an e-mail address with a full-width @', { email: 'eve\uff20example.com' }, '/email'],
    ['an e-mail address with a zero-width space', { email: 'eve\u200b@example.com' }, '/email'],
    ['a zero-width space in a user name', { username: 'admin\u200b' }, '/username'],
    ['a soft hyphen in a user name', { username: 'ad\u00admin' }, '/username'],
    ['a variation selector in a user name', { username: 'admin\ufe0f' }, '/username'],
    ['a mark that joins letters in a user name', { username: 'ad\u034fmin' }, '/username'],
    ['a filler in a user name', { username: 'admin\u3164' }, '/username'],
    ['a blank of Braille in a user name', { username: 'admin\u2800' }, '/username'],
    ['a mark of direction in a user name', { username: 'admin\u200e' }, '/username'],
    ['a tag in a user name', { username: 'admin\u{e0041}' }, '/username'],
    ['a right-to-left override in a name', { first_name: 'a\u202eb' }, '/first_name'],
    ['an isolate in a name', { last_name: 'a\u2066b' }, '/last_name'],
    ['a line separator in a name', { last_name: 'a\u2028b' }, '/last_name'],
    ['a number as name', { first_name: 5 }, '/first_name'],
    ['a NUL in a name', { last_name: 'a\u0000' }, '/last_name'],
  ])('refuses %s', async (_, members, path) => {
    const problem = await expectJson<{ code: string; errors: { path: string }[] }>(
      post(account(members)),
      400,
    );
    expect(problem.code).toBe('validation_failed');
    expect(new Set(problem.errors.map((error) => error.path))).toEqual(new Set([path]));
  });

  it('stores no password, and nothing that shows it', async () => {
    const password = 'a very secret sentence';
    await register(server.current, { password });
    const { db } = server.current.app.database.as<{
      accounts: { password_hash: string };
    }>();
    const rows = await db.selectFrom('accounts').selectAll().execute();
    expect(rows.length).toBeGreaterThan(0);
    for (const { password_hash } of rows) {
      expect(password_hash).toMatch(/^\$argon2id\$v=19\$m=64,t=1,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
    }
    expect(JSON.stringify(rows)).not.toContain(password);
    expect(server.current.logs()).not.toContain(password);
  });
});
