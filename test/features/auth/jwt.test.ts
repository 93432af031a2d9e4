import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomUUID,
  sign,
} from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fastify, { type FastifyInstance } from 'fastify';
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { authPlugin } from '../../../src/features/auth/index.ts';
import {
  firstKeySet,
  PUBLISH_LEAD_SECONDS,
  rotateKeySet,
  type StoredKeySet,
  TOKEN_LIFETIME_SECONDS,
} from '../../../src/features/auth/keys/key-ring.ts';
import type { Algorithm } from '../../../src/features/auth/keys/signing-key.ts';
import type { UnsignedClaims } from '../../../src/features/auth/tokens/claims.ts';
import { type SignedInAccount, secured } from '../../../src/http/secured.ts';
import { problemsPlugin } from '../../../src/plugins/problems.ts';

const ISSUER = 'https://tally.example';
const AUDIENCE = 'https://api.example';

afterEach(() => {
  vi.useRealTimers();
});

/** Moves the clock that tokens are made and checked by. */
function travelTo(seconds: number) {
  vi.useFakeTimers({ toFake: ['Date'], now: seconds * 1000 });
}

/** An app of someone who uses only the decorators; `keys` are its signing keys in place of a key file. */
async function appWith(keys?: StoredKeySet, cacheSize = 100) {
  const dataDir = await mkdtemp(join(tmpdir(), 'tally-jwt-'));
  const app = fastify();
  const sessions = new Map<string, SignedInAccount>();
  await app.register(problemsPlugin);
  await app.register(authPlugin, {
    settings: {
      mode: 'open',
      issuer: ISSUER,
      audience: AUDIENCE,
      algorithm: 'ES256',
      cacheSize,
      signingKeys: keys ? JSON.stringify(keys) : '',
    },
    dataDir,
    findSession: async (id) => sessions.get(id),
  });
  app.get('/by-hand', async (request) => {
    await request.jwtVerify();
    return { user: request.user, account: request.account };
  });
  app.get('/secured', {
    ...secured('sum'),
    handler: async ({ user, account }) => ({ user, account }),
  });
  app.get('/sign', async (_request, reply) => ({ token: await reply.jwtSign(claims()) }));
  await app.ready();
  onTestFinished(async () => {
    await app.close();
    await rm(dataDir, { recursive: true });
  });
  return { app, sessions, keyFile: join(dataDir, 'signing-keys.json') };
}

function claims(changes: Partial<UnsignedClaims> = {}): UnsignedClaims {
  const grant = { sub: 'ada', scope: 'sum', acr: '0' };
  return { ...grant, client_id: 'tally', jti: randomUUID(), ...changes };
}

const SIGNERS: Record<string, (app: FastifyInstance) => Promise<string>> = {
  'app.jwt.sign': (app) => app.jwt.sign(claims()),
  'reply.jwtSign': async (app) => (await app.inject('/sign')).json().token,
  'app.tokens.issue': async (app) => {
    const { access_token } = await app.tokens.issue({ sub: 'ada', scope: 'sum', acr: '0' });
    return access_token;
  },
};

/** Each answers 'accepted', or the code of the problem. */
const VERIFIERS: Record<string, (app: FastifyInstance, token: string) => Promise<string>> = {
  'request.jwtVerify': (app, token) => call(app, '/by-hand', token),
  'a secured route': (app, token) => call(app, '/secured', token),
  'app.jwt.verify': (app, token) =>
    app.jwt.verify(token).then(
      () => 'accepted',
      ({ code }) => (code === 'FAST_JWT_EXPIRED' ? 'token_expired' : 'invalid_token'),
    ),
};

async function call(app: FastifyInstance, url: string, token: string): Promise<string> {
  const response = await app.inject({ url, headers: { authorization: `Bearer ${token}` } });
  if (response.statusCode === 200) return 'accepted';
  expect(response.statusCode).toBe(401);
  expect(response.headers['www-authenticate']).toBe('Bearer realm="tally", error="invalid_token"');
  return response.json().code;
}

describe.for(Object.entries(SIGNERS))('%s', ([, signWith]) => {
  it.each(['ES256', 'RS256', 'EdDSA'] as const)(
    'makes tokens of this issuer before and after a rotation to %s',
    async (algorithm) => {
      const start = Math.floor(Date.now() / 1000);
      const keys = rotateKeySet(firstKeySet('ES256', start), algorithm, start);
      const { app } = await appWith(keys);
      const isGenuine = async (token: string) => {
        const set = createLocalJWKSet(app.tokens.jwks());
        const { payload } = await jwtVerify(token, set, {
          issuer: ISSUER,
          audience: AUDIENCE,
          typ: 'at+jwt',
          currentDate: new Date(),
        });
        expect(payload).toMatchObject({ sub: 'ada', scope: 'sum', acr: '0', client_id: 'tally' });
        expect(payload.exp! - payload.iat!).toBe(TOKEN_LIFETIME_SECONDS);
        return decodeProtectedHeader(token);
      };
      for (const [index, at] of [start, start + PUBLISH_LEAD_SECONDS].entries()) {
        travelTo(at);
        const { kid, alg } = keys.keys[index]!;
        expect(await isGenuine(await signWith(app))).toEqual({ kid, alg, typ: 'at+jwt' });
      }
    },
  );
});

describe('app.jwt.sign with options', () => {
  it('keeps the key, the type and the issuer', async () => {
    const start = Math.floor(Date.now() / 1000);
    const { app } = await appWith(rotateKeySet(firstKeySet('ES256', start), 'RS256', start));
    travelTo(start + PUBLISH_LEAD_SECONDS);
    const sign = app.jwt.sign as unknown as (payload: object, options: object) => Promise<string>;
    const token = await sign(claims(), { expiresIn: 60 });
    const { iat, exp, iss } = await app.jwt.verify(token);
    expect([exp - iat, iss]).toEqual([60, ISSUER]);
  });
});

describe.for(Object.entries(VERIFIERS))('%s', ([, verifyWith]) => {
  it('accepts tokens of a key until the last of them has expired', async () => {
    const start = Math.floor(Date.now() / 1000);
    const keys = rotateKeySet(firstKeySet('ES256', start), 'EdDSA', start);
    const { app } = await appWith(keys);
    const handover = start + PUBLISH_LEAD_SECONDS;
    travelTo(handover - 1);
    const lastOfOld = await app.jwt.sign(claims());
    travelTo(handover);
    const firstOfNew = await app.jwt.sign(claims());
    for (const token of [lastOfOld, firstOfNew]) {
      expect(await verifyWith(app, token)).toBe('accepted');
    }
    travelTo(handover - 2 + TOKEN_LIFETIME_SECONDS);
    expect(await verifyWith(app, lastOfOld)).toBe('accepted');
    travelTo(handover + TOKEN_LIFETIME_SECONDS);
    expect(await verifyWith(app, lastOfOld)).toBe('invalid_token');
    travelTo(handover + 1 + TOKEN_LIFETIME_SECONDS);
    expect(await verifyWith(app, firstOfNew)).toBe('token_expired');
  });

  it('refuses tokens that it has accepted, once their key is replaced', async () => {
    const { app, keyFile } = await appWith();
    const token = await app.jwt.sign(claims());
    expect(await verifyWith(app, token)).toBe('accepted');
    await writeFile(keyFile, JSON.stringify(firstKeySet('ES256')));
    await expect
      .poll(() => verifyWith(app, token), { timeout: 15_000, interval: 200 })
      .toBe('invalid_token');
    expect(await verifyWith(app, await app.jwt.sign(claims()))).toBe('accepted');
  }, 20_000);

  it('refuses forgeries', async () => {
    const { app, keyFile } = await appWith();
    const stored = (JSON.parse(await readFile(keyFile, 'utf8')) as StoredKeySet).keys[0]!;
    const own = createPrivateKey({ key: stored, format: 'jwk' });
    const genuine = forge({ alg: 'ES256', typ: 'at+jwt', kid: stored.kid }, own);
    expect(await verifyWith(app, genuine({}, {}))).toBe('accepted');
    const publicPem = createPublicKey(own).export({ type: 'spki', format: 'pem' });
    const foreign = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    const forged = forge({ alg: 'ES256', typ: 'at+jwt', kid: stored.kid }, foreign);
    const hmac = forge({ alg: 'HS256', typ: 'at+jwt', kid: stored.kid }, publicPem);
    const forgeries: Record<string, string> = {
      'type JWT': genuine({ typ: 'JWT' }, {}),
      'no type': genuine({ typ: undefined }, {}),
      'another issuer': genuine({}, { iss: 'https://other.example' }),
      'another audience': genuine({}, { aud: 'https://other.example' }),
      'another algorithm of the key': genuine({ alg: 'ES384' }, {}),
      'the algorithm of another key': genuine({ alg: 'RS256' }, {}),
      'HMAC with the public key': hmac({}, {}),
      'no signature': `${genuine({ alg: 'none' }, {}).split('.').slice(0, 2).join('.')}.`,
      'an empty signature': `${genuine({}, {}).split('.').slice(0, 2).join('.')}.`,
      'another key': forged({}, {}),
      'an unknown key': forged({ kid: 'other' }, {}),
      'no key': forged({ kid: undefined }, {}),
      'not valid yet': genuine({}, { nbf: Math.floor(Date.now() / 1000) + 60 }),
      'an unknown extension': genuine({ crit: ['exp'] }, {}),
    };
    for (const claim of ['sub', 'client_id', 'iat', 'exp', 'jti', 'scope', 'acr', 'iss', 'aud']) {
      forgeries[`no ${claim}`] = genuine({}, { [claim]: undefined });
    }
    for (const [what, token] of Object.entries(forgeries)) {
      expect(await verifyWith(app, token), what).toBe('invalid_token');
    }
    expect(await verifyWith(app, genuine({}, { exp: 1 }))).toBe('token_expired');
    expect(await verifyWith(app, forged({}, { exp: 1 }))).toBe('invalid_token');
  });
});

// `app.jwt.verify` gets no request, so it looks at no session.
describe.for(['request.jwtVerify', 'a secured route'])('%s', (name) => {
  it('refuses tokens of a session that has ended', async () => {
    const verifyWith = VERIFIERS[name]!;
    const { app, sessions } = await appWith();
    const token = await app.jwt.sign(claims({ uid: 'a', sid: 's', acr: '1' }));
    expect(await verifyWith(app, token)).toBe('session_ended');
    const account = { id: 'a', username: 'ada', role: 'user', tier: 'basic', sessionId: 's' };
    sessions.set('s', { ...account, scopes: ['sum'] });
    expect(await verifyWith(app, token)).toBe('accepted');
    sessions.delete('s');
    expect(await verifyWith(app, token)).toBe('session_ended');
  });
});

/** Signs whatever it is given with a private key, or with HMAC and a text. */
function forge(
  header: { alg: Algorithm | 'HS256'; typ: string; kid: string },
  key: KeyObject | string | Buffer,
) {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return (headerChanges: object, claimChanges: object): string => {
    const iat = Math.floor(Date.now() / 1000);
    const times = { iat, exp: iat + TOKEN_LIFETIME_SECONDS };
    const payload = { iss: ISSUER, aud: AUDIENCE, ...claims(), ...times, ...claimChanges };
    const input = `${encode({ ...header, ...headerChanges })}.${encode(payload)}`;
    const signature =
      header.alg === 'HS256'
        ? createHmac('sha256', key as string)
            .update(input)
            .digest()
        : sign('sha256', Buffer.from(input), { key: key as KeyObject, dsaEncoding: 'ieee-p1363' });
    return `${input}.${signature.toString('base64url')}`;
  };
}
