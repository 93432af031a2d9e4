import { decodeJwt, decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type TestServer } from '../../helpers/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const post = (
  body: string,
  headers: Record<string, string> = { 'content-type': 'application/json' },
) => fetch(`${server.url}/auth`, { method: 'POST', headers, body });
const credentials = (username: unknown, password: unknown = 'x') =>
  JSON.stringify({ username, password });

describe('POST /auth', () => {
  it('answers any user name and password with a token for an hour', async () => {
    const response = await post(credentials('ada', 'secret'));
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-store');
    const body = (await response.json()) as { access_token: string };
    expect(body).toEqual({
      access_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: 3600,
      scope: 'sum',
    });
    expect(decodeProtectedHeader(body.access_token)).toEqual({
      alg: 'ES256',
      typ: 'at+jwt',
      kid: expect.stringMatching(/^[\w-]{43}$/),
    });
    const claims = decodeJwt(body.access_token);
    expect(claims).toEqual({
      iss: server.url,
      aud: server.url,
      sub: 'ada',
      client_id: 'tally',
      iat: expect.any(Number),
      exp: claims.iat! + 3600,
      jti: expect.any(String),
      scope: 'sum',
      acr: '0',
    });
    expect(Math.abs(claims.iat! - Date.now() / 1000)).toBeLessThan(5);
  });

  it.each([
    '  spaces kept  ',
    'Zoë 李 🎉',
    'null',
    '__proto__',
    'a\u0000b',
    'x'.repeat(256),
    '🎉'.repeat(256),
  ])('carries the user name %j as it is', async (username) => {
    const { access_token } = (await (await post(credentials(username))).json()) as {
      access_token: string;
    };
    expect(decodeJwt(access_token).sub).toBe(username);
  });

  it('ignores unknown members', async () => {
    const body = '{"username":"a","password":"b","role":"admin","__proto__":{"x":1}}';
    expect((await post(body)).status).toBe(200);
  });

  it.each([
    ['an empty object', '{}', ['/username', '/password']],
    ['a missing password', '{"username":"a"}', ['/password']],
    ['an empty user name', credentials(''), ['/username']],
    ['blanks', credentials(' \t\u00a0\n', '\u2003'), ['/username', '/password']],
    ['a number', credentials(5), ['/username']],
    ['null', credentials('a', null), ['/password']],
    ['an array', '["a","b"]', ['/']],
    ['a user name of 257 characters', credentials('x'.repeat(257)), ['/username']],
    ['a password of 1,025 characters', credentials('a', 'x'.repeat(1025)), ['/password']],
    ['half a surrogate pair', '{"username":"\\ud800","password":"x"}', ['/username']],
  ])('refuses %s and names the members', async (_, body, paths) => {
    const response = await post(body);
    expect(response.status).toBe(400);
    const problem = (await response.json()) as { code: string; errors: { path: string }[] };
    expect(problem.code).toBe('validation_failed');
    expect(new Set(problem.errors.map(({ path }) => path))).toEqual(new Set(paths));
  });

  it.each(['{"username":', '', 'username=a&password=b', '{"username":"a" "password":"b"}'])(
    'refuses %j as malformed JSON',
    async (body) => {
      const response = await post(body);
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ code: 'malformed_json' });
    },
  );

  it('refuses a body of more than 128 KiB', async () => {
    const body = JSON.stringify({ username: 'a', password: 'b', more: 'x'.repeat(128 * 1024) });
    const response = await post(body);
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ code: 'body_too_large' });
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/xml', 'nonsense'])(
    'refuses the content type %s',
    async (type) => {
      const response = await post(credentials('a'), { 'content-type': type });
      expect(response.status).toBe(415);
      expect(await response.json()).toMatchObject({ code: 'unsupported_media_type' });
    },
  );

  it('refuses an encoded body', async () => {
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
    const response = await post(credentials('a'), headers);
    expect(response.status).toBe(415);
    expect(response.headers.get('accept-encoding')).toBe('identity');
    expect(await response.json()).toMatchObject({ code: 'unsupported_content_encoding' });
  });

  it.each(['GET', 'PUT', 'DELETE', 'OPTIONS', 'PROPFIND'])(
    'refuses %s with Allow',
    async (method) => {
      const response = await fetch(`${server.url}/auth`, { method });
      expect(response.status).toBe(405);
      expect(response.headers.get('allow')).toBe('POST');
      expect(await response.json()).toMatchObject({ code: 'method_not_allowed' });
    },
  );
});
