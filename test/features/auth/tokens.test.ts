import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomUUID,
  sign,
} from 'node:crypto';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import * as oauth from 'oauth4webapi';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { rotateKeySet, type StoredKeySet } from '../../../src/features/auth/keys/key-ring.ts';
import { makeStoredKey, type StoredKey } from '../../../src/features/auth/keys/signing-key.ts';
import { guestToken, serverForTest, startServer, type TestServer } from '../../helpers/server.ts';

afterEach(() => {
  vi.useRealTimers();
});

const sum = (server: TestServer, authorization: string) =>
  fetch(`${server.url}/sum`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json' },
    body: '[1]',
  });

const keyFile = ({ config }: TestServer) => join(config.dataDir, 'signing-keys.json');
const readKeys = async (server: TestServer): Promise<StoredKeySet> =>
  JSON.parse(await readFile(keyFile(server), 'utf8'));

/** Moves the clock that tokens are made and checked by; timers go on as they are. */
function travelTo(seconds: number) {
  vi.useFakeTimers({ toFake: ['Date'], now: seconds * 1000 });
}

describe.each(['ES256', 'RS256', 'EdDSA'])('a token signed with %s', (algorithm) => {
  it('is verified by a stranger who knows only the issuer', async () => {
    const server = await serverForTest({ TOKEN_ALGORITHM: algorithm });
    const token = await guestToken(server);
    const options = { algorithm: 'oauth2', [oauth.allowInsecureRequests]: true } as const;
    const issuer = new URL(server.url);
    for (const how of ['oauth2', 'oidc'] as const) {
      const answer = await oauth.discoveryRequest(issuer, { ...options, algorithm: how });
      const metadata = await oauth.processDiscoveryResponse(issuer, answer);
      const request = new Request(`${server.url}/sum`, {
        headers: { authorization: `Bearer ${token}` },
      });
      const claims = await oauth.validateJwtAccessToken(metadata, request, server.url, {
        [oauth.allowInsecureRequests]: true,
        signingAlgorithms: [algorithm],
      } as oauth.ValidateJWTAccessTokenOptions);
      expect(claims).toMatchObject({ sub: 'ada', scope: 'sum' });
      await expect(
        oauth.validateJwtAccessToken(metadata, request, 'https://other.example', {
          [oauth.allowInsecureRequests]: true,
          signingAlgorithms: [algorithm],
        } as oauth.ValidateJWTAccessTokenOptions),
      ).rejects.toThrow();
    }
    const keys = createRemoteJWKSet(new URL(`${server.url}/.well-known/jwks.json`));
    const { payload, protectedHeader } = await jwtVerify(token, keys, {
      issuer: server.url,
      audience: server.url,
      typ: 'at+jwt',
    });
    expect(payload.sub).toBe('ada');
    expect(protectedHeader.alg).toBe(algorithm);
    expect((await sum(server, `Bearer ${token}`)).status).toBe(200);
  });
});

describe('the key set', () => {
  it('is kept from other users of the machine, and its private half from everyone', async () => {
    const server = await serverForTest();
    expect((await stat(keyFile(server))).mode & 0o777).toBe(0o600);
    const published = await (await fetch(`${server.url}/.well-known/jwks.json`)).text();
    const { d } = (await readKeys(server)).keys[0]!;
    expect(published).not.toContain(d);
    expect(JSON.parse(published).keys).toEqual([
      {
        kty: 'EC',
        crv: 'P-256',
        x: expect.any(String),
        y: expect.any(String),
        kid: expect.any(String),
        alg: 'ES256',
        use: 'sig',
      },
    ]);
    expect(server.logs()).not.toContain(d);
  });

  it('may come from the environment, so that replicas share it', async () => {
    const first = await startServer();
    const keys = await readKeys(first);
    const token = await guestToken(first);
    await first.close();
    const shared = { SIGNING_KEYS: JSON.stringify(keys), PUBLIC_URL: first.url };
    const second = await serverForTest(shared);
    expect((await sum(second, `Bearer ${token}`)).status).toBe(200);
    await expect(stat(keyFile(second))).rejects.toThrow('ENOENT');
  });

  it.each([
    'nonsense',
    '{}',
    '{"keys":[]}',
    '{"keys":[{"kty":"oct","k":"c2VjcmV0","kid":"a","alg":"HS256","active_from":1}]}',
  ])('is refused at start where it is %s', async (SIGNING_KEYS) => {
    await expect(startServer({ SIGNING_KEYS })).rejects.toThrow(/key/i);
  });

  it.each([
    [
      'two different keys of one id',
      (a: StoredKey, b: StoredKey) => [a, { ...b, kid: a.kid }],
      'same "kid"',
    ],
    [
      'a key with the private part of another',
      (a: StoredKey, b: StoredKey) => [{ ...a, d: b.d! }],
      'do not belong together',
    ],
  ])('is refused at start with %s', async (_, change, message) => {
    const keys = change(makeStoredKey('ES256', 1), makeStoredKey('ES256', 2));
    const SIGNING_KEYS = JSON.stringify({ keys });
    await expect(startServer({ SIGNING_KEYS })).rejects.toThrow(message);
  });

  it.each(['ES256', 'RS256', 'EdDSA'] as const)('may be of %s', async (alg) => {
    const keys = { keys: [makeStoredKey(alg, 1)] };
    const server = await serverForTest({ SIGNING_KEYS: JSON.stringify(keys) });
    const token = await guestToken(server);
    expect((await sum(server, `Bearer ${token}`)).status).toBe(200);
  });

  it('is followed by a running server, and a broken file changes nothing', async () => {
    const server = await serverForTest();
    const now = Math.floor(Date.now() / 1000);
    const rotated = rotateKeySet(await readKeys(server), 'RS256', now);
    await writeFile(keyFile(server), JSON.stringify(rotated));
    const publishedKeys = async () =>
      ((await (await fetch(`${server.url}/.well-known/jwks.json`)).json()) as { keys: unknown[] })
        .keys;
    await expect.poll(publishedKeys, { timeout: 15_000 }).toHaveLength(2);
    await writeFile(keyFile(server), '{');
    await expect.poll(server.logs, { timeout: 15_000 }).toContain('the key file is invalid');
    expect(await publishedKeys()).toHaveLength(2);
  }, 40_000);
});

describe('after a rotation', () => {
  async function rotatedServer() {
    const first = await startServer();
    const keys = await readKeys(first);
    await first.close();
    const start = keys.keys[0]!.active_from;
    const rotated = rotateKeySet(keys, 'ES256', start + 1000);
    const server = await serverForTest({
      SIGNING_KEYS: JSON.stringify(rotated),
      TOKEN_CACHE_SIZE: '0',
    });
    return { server, start, oldKid: keys.keys[0]!.kid, newKid: rotated.keys[1]!.kid };
  }
  const kidOf = (token: string) =>
    JSON.parse(Buffer.from(token.split('.')[0]!, 'base64url').toString()).kid;
  const publishedKids = async ({ url }: TestServer) => {
    const { keys } = (await (await fetch(`${url}/.well-known/jwks.json`)).json()) as {
      keys: { kid: string }[];
    };
    return keys.map(({ kid }) => kid);
  };

  it('a new key is published before it signs, and the old one kept until its last token has expired', async () => {
    const { server, start, oldKid, newKid } = await rotatedServer();
    travelTo(start + 1001);
    expect(kidOf(await guestToken(server))).toBe(oldKid);
    expect(await publishedKids(server)).toEqual([oldKid, newKid]);
    travelTo(start + 1599);
    const lastOfOld = await guestToken(server);
    expect(kidOf(lastOfOld)).toBe(oldKid);
    travelTo(start + 1600);
    const firstOfNew = await guestToken(server);
    expect(kidOf(firstOfNew)).toBe(newKid);
    travelTo(start + 1599 + 3599);
    expect((await sum(server, `Bearer ${lastOfOld}`)).status).toBe(200);
    travelTo(start + 1600 + 3600);
    expect(await publishedKids(server)).toEqual([newKid]);
    const refused = await sum(server, `Bearer ${lastOfOld}`);
    expect(refused.status).toBe(401);
    expect(await refused.json()).toMatchObject({ code: 'invalid_token' });
  });

  it('keys that nobody needs are dropped', async () => {
    const first = await startServer();
    const keys = await readKeys(first);
    await first.close();
    const start = keys.keys[0]!.active_from;
    const once = rotateKeySet(keys, 'ES256', start + 100);
    const twice = rotateKeySet(once, 'EdDSA', start + 100_000);
    expect(twice.keys.map(({ alg }) => alg)).toEqual(['ES256', 'EdDSA']);
    expect(twice.keys[0]!.kid).toBe(once.keys[1]!.kid);
  });
});

describe('a token is refused', () => {
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

  /** A forger who knows all that is public, and a good token. */
  async function arena(environment = {}) {
    const server = await serverForTest(environment);
    const stored = (await readKeys(server)).keys[0]!;
    const privateKey = createPrivateKey({ key: stored, format: 'jwk' });
    const publicPem = createPublicKey(privateKey)
      .export({ type: 'spki', format: 'pem' })
      .toString();
    const header = { alg: 'ES256', typ: 'at+jwt', kid: stored.kid };
    const now = Math.floor(Date.now() / 1000);
    const claims = {
      iss: server.url,
      aud: server.url,
      sub: 'eve',
      client_id: 'tally',
      iat: now,
      exp: now + 3600,
      jti: randomUUID(),
      scope: 'sum',
      acr: '0',
    };
    const signed = (h: object, c: object, key = privateKey) => {
      const input = `${encode(h)}.${encode(c)}`;
      const signature = sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' });
      return `${input}.${signature.toString('base64url')}`;
    };
    return { server, header, claims, signed, publicPem, now, privateKey };
  }

  async function refusal(server: TestServer, authorization: string) {
    const response = await sum(server, authorization);
    const { code } = (await response.json()) as { code: string };
    return { status: response.status, code, challenge: response.headers.get('www-authenticate') };
  }
  const invalid = {
    status: 401,
    code: 'invalid_token',
    challenge: 'Bearer realm="tally", error="invalid_token"',
  };

  it('never, where the forger has the key (so the forgeries below fail for their own reasons)', async () => {
    const { server, header, claims, signed } = await arena();
    expect((await sum(server, `Bearer ${signed(header, claims)}`)).status).toBe(200);
  });

  it('with another algorithm than its key has', async () => {
    const { server, header, claims, publicPem, signed } = await arena();
    const none = `${encode({ ...header, alg: 'none' })}.${encode(claims)}.`;
    const hmacInput = `${encode({ ...header, alg: 'HS256' })}.${encode(claims)}`;
    const hmac = createHmac('sha256', publicPem).update(hmacInput).digest('base64url');
    const forgeries = [
      none,
      none.replace(/\.$/, ''),
      `${encode({ ...header, alg: 'None' })}.${encode(claims)}.`,
      `${hmacInput}.${hmac}`,
      signed({ ...header, alg: 'RS256' }, claims),
      signed({ ...header, alg: 'EdDSA' }, claims),
      signed({ ...header, alg: 'ES384' }, claims),
    ];
    for (const forgery of forgeries)
      expect(await refusal(server, `Bearer ${forgery}`)).toEqual(invalid);
  });

  it('signed by another key, whatever the header says of it', async () => {
    const { server, header, claims, signed } = await arena();
    const own = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const jwk = own.publicKey.export({ format: 'jwk' });
    const headers = [
      header,
      { ...header, kid: 'another' },
      { ...header, kid: undefined },
      { ...header, kid: ['x'] },
      { ...header, kid: '__proto__' },
      { ...header, jwk },
      { ...header, kid: 'another', jwk },
      { ...header, jku: 'http://127.0.0.1:9/keys' },
    ];
    for (const forged of headers) {
      expect(await refusal(server, `Bearer ${signed(forged, claims, own.privateKey)}`)).toEqual(
        invalid,
      );
    }
  });

  it('for another issuer, audience or type, or without a claim', async () => {
    const { server, header, claims, signed, now } = await arena();
    const forgeries = [
      signed(header, { ...claims, iss: 'https://other.example' }),
      signed(header, { ...claims, aud: 'https://other.example' }),
      signed(header, { ...claims, aud: [] }),
      signed({ ...header, typ: 'JWT' }, claims),
      signed({ ...header, typ: undefined }, claims),
      signed(header, { ...claims, nbf: now + 60 }),
      signed({ ...header, crit: ['exp'] }, claims),
      signed(header, { ...claims, exp: `${now + 3600}` }),
      signed(header, { ...claims, scope: ['sum'] }),
      ...Object.keys(claims).map((name) => signed(header, { ...claims, [name]: undefined })),
    ];
    for (const forgery of forgeries)
      expect(await refusal(server, `Bearer ${forgery}`)).toEqual(invalid);
  });

  it('once it has expired, which is said of genuine tokens alone', async () => {
    const { server, header, claims, signed, now } = await arena();
    const expired = { status: 401, code: 'token_expired', challenge: invalid.challenge };
    expect(await refusal(server, `Bearer ${signed(header, { ...claims, exp: now - 1 })}`)).toEqual(
      expired,
    );
    const token = await guestToken(server);
    expect((await sum(server, `Bearer ${token}`)).status).toBe(200);
    travelTo(now + 3599);
    expect((await sum(server, `Bearer ${token}`)).status).toBe(200);
    travelTo(now + 3602);
    expect(await refusal(server, `Bearer ${token}`)).toEqual(expired);
    expect(await refusal(server, `Bearer ${token.slice(0, -2)}AA`)).toEqual(invalid);
  });

  it('after any change of a byte', async () => {
    const { server } = await arena();
    const token = await guestToken(server);
    for (let at = 0; at < token.length; at += 7) {
      const other = token[at] === 'A' ? 'B' : 'A';
      const tampered = token.slice(0, at) + other + token.slice(at + 1);
      expect((await refusal(server, `Bearer ${tampered}`)).code, `byte ${at}`).toBe(
        'invalid_token',
      );
    }
    expect(await refusal(server, `Bearer ${token}.`)).toEqual(invalid);
    expect(await refusal(server, `Bearer ${token}=`)).toEqual(invalid);
  });

  it.each([
    ['no credentials', ''],
    ['another scheme', 'Basic YWRhOng='],
    ['a scheme that only starts like it', 'Bearerx abc'],
  ])('where there is none: %s', async (_, authorization) => {
    const { server } = await arena();
    expect(await refusal(server, authorization)).toEqual({
      status: 401,
      code: 'missing_token',
      challenge: 'Bearer realm="tally"',
    });
  });

  it.each([
    'Bearer',
    'Bearer ',
    'Bearer a b',
    'Bearer ..',
    'Bearer .',
    'Bearer null',
    'Bearer %00',
    'bearer x.y.z',
    `Bearer ${'a'.repeat(9000)}`,
    `Bearer ${'.'.repeat(9000)}`,
    `Bearer ${'e30.'.repeat(2000)}`,
    'Bearer e30.e30.e30',
    'Bearer bnVsbA.bnVsbA.bnVsbA',
    'Bearer W10.W10.W10',
    'Bearer é.ü.ö',
  ])('as garbage: %.40s', async (authorization) => {
    const { server } = await arena();
    const { status, code } = await refusal(server, authorization);
    expect(status).toBe(401);
    expect(code).toBe('invalid_token');
  });

  it('for lack of its scope, with a 403 that names it', async () => {
    const { server, header, claims, signed } = await arena();
    for (const scope of ['', 'summary', 'sum:read', 'SUM']) {
      expect(await refusal(server, `Bearer ${signed(header, { ...claims, scope })}`)).toEqual({
        status: 403,
        code: 'insufficient_scope',
        challenge: 'Bearer realm="tally", error="insufficient_scope", scope="sum"',
      });
    }
    expect(
      (await sum(server, `bEaReR ${signed(header, { ...claims, scope: 'a sum b' })}`)).status,
    ).toBe(200);
  });
});
