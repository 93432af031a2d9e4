import { decodeJwt } from 'jose';
import { describe, expect, it } from 'vitest';
import {
  CHEAP_HASHES,
  expectJson,
  register,
  send,
  signedInAdministrator,
  signIn,
} from '../../helpers/accounts.ts';
import { serverForTest } from '../../helpers/server.ts';

const scopesOf = (token: string) => String(decodeJwt(token).scope).split(' ');

describe.for(['open', 'accounts'])('the metadata of the issuer with AUTH_MODE=%s', (mode) => {
  it.each(['oauth-authorization-server', 'openid-configuration'])(
    'names in %s all scopes that tokens have',
    async (document) => {
      const server = await serverForTest({ AUTH_MODE: mode, ...CHEAP_HASHES });
      const user = await signIn(server, await register(server));
      const administrator = await signedInAdministrator(server);
      const scopes = [user.access_token, administrator.token].flatMap(scopesOf);
      const metadata = await expectJson<{ scopes_supported: string[] }>(
        send(server, 'GET', `/.well-known/${document}`),
      );
      expect(metadata.scopes_supported.toSorted()).toEqual([...new Set(scopes)].toSorted());
    },
  );
});
