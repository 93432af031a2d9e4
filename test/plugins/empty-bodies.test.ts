import { expect, it } from 'vitest';
import { CHEAP_HASHES, register, send, signIn } from '../helpers/accounts.ts';
import { serverForTest } from '../helpers/server.ts';

it.each(['application/json', 'text/plain', 'multipart/form-data', 'nonsense'])(
  'takes no notice of the type %s where there is no body',
  async (type) => {
    const server = await serverForTest(CHEAP_HASHES);
    const account = await register(server);
    const { access_token: token } = await signIn(server, account);
    const headers = { 'content-type': type };
    const ids = '01900000-0000-7000-8000-000000000000';
    const statusOf = async (method: string, path: string) =>
      (await send(server, method, path, { token, headers })).status;
    expect(await statusOf('DELETE', `/images/${ids}`)).toBe(404);
    expect(await statusOf('POST', `/orders/${ids}/cancel`)).toBe(404);
    expect(await statusOf('GET', '/accounts/me')).toBe(200);
    expect(await statusOf('POST', '/accounts')).toBe(type === 'application/json' ? 400 : 415);
    expect(await statusOf('POST', '/accounts/logout')).toBe(204);
  },
);
