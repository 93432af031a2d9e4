import { decodeJwt } from 'jose';
import { expect, it } from 'vitest';
import {
  expectJson,
  freshEmail,
  me,
  PASSWORD,
  register,
  send,
  serverOn,
  type Tokens,
} from '../../../helpers/accounts.ts';
import { describeOnEachDatabase } from '../../../helpers/databases.ts';

describeOnEachDatabase('POST /auth with AUTH_MODE=accounts', (database) => {
  const server = serverOn(database, { AUTH_MODE: 'accounts' });
  const auth = (body: unknown) => send(server.current, 'POST', '/auth', { body });

  it('signs in who has an account', async () => {
    const account = await register(server.current);
    const { username } = account;
    const tokens = await expectJson<Tokens>(auth({ username, password: PASSWORD }));
    expect(tokens).toMatchObject({ token_type: 'Bearer', refresh_token: expect.any(String) });
    expect(decodeJwt(tokens.access_token)).toMatchObject({ acr: '1', uid: account.id });
    expect(await expectJson(me(server.current, tokens.access_token))).toEqual(account);
  });

  it('refuses everyone else alike', async () => {
    const { username } = await register(server.current);
    const [unknown, wrong] = await Promise.all([
      auth({ username: freshEmail(), password: PASSWORD }),
      auth({ username, password: 'wrong' }),
    ]);
    const bodies = await Promise.all(
      [unknown, wrong].map((answer) => expectJson(Promise.resolve(answer), 401)),
    );
    expect(bodies[0]).toEqual({ ...bodies[1], request_id: expect.any(String) });
    // `ratelimit` counts the requests of the address.
    const own = ['date', 'x-request-id', 'ratelimit'];
    const headers = [unknown, wrong].map((answer) =>
      [...answer.headers].filter(([name]) => !own.includes(name)),
    );
    expect(headers[0]).toEqual(headers[1]);
    expect(new Headers(headers[0]).get('www-authenticate')).toBe('Bearer realm="tally"');
  });

  it.each([
    [{ password: 'x' }, '/username', 'is required, or email'],
    [{ username: 'a', email: 'b', password: 'x' }, '/username', 'must not stand beside email'],
    [{ username: 'a' }, '/password', 'is required'],
    [{ email: 'a' }, '/password', 'is required'],
    [{ username: 5, password: 'x' }, '/username', 'must be string'],
    [{ email: 5, password: 'x' }, '/email', 'must be string'],
  ])('refuses %j and names the member', async (body, path, message) => {
    expect(await expectJson(auth(body), 400)).toMatchObject({
      code: 'validation_failed',
      errors: [{ path, message }],
    });
  });
});
