import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type JsonWebKey,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import type { Jwk } from './schemas.ts';

export type Algorithm = 'ES256' | 'RS256' | 'EdDSA';

/**
 * A private JWK (RFC 7517) as stored. The key signs from `active_from`, in seconds since 1970, and is only
 * published before, so that verifiers have it in time.
 */
export interface StoredKey extends JsonWebKey {
  kid: string;
  alg: Algorithm;
  active_from: number;
}

/** A stored key, parsed. `publicJwk` has no private member. */
export interface SigningKey {
  readonly kid: string;
  readonly alg: Algorithm;
  readonly activeFrom: number;
  readonly privatePem: string;
  readonly publicPem: string;
  readonly publicJwk: Jwk;
}

/** Members of a JWK that its thumbprint is made of, in order (RFC 7638 section 3.2; RFC 8037 section 2). */
const THUMBPRINT_MEMBERS: Record<string, readonly string[]> = {
  EC: ['crv', 'kty', 'x', 'y'],
  RSA: ['e', 'kty', 'n'],
  OKP: ['crv', 'kty', 'x'],
};

export function makeStoredKey(alg: Algorithm, activeFrom: number): StoredKey {
  const jwk = generatePrivateKey(alg).export({ format: 'jwk' });
  return { ...jwk, kid: thumbprint(jwk), alg, active_from: activeFrom };
}

function generatePrivateKey(alg: Algorithm): KeyObject {
  switch (alg) {
    case 'ES256':
      return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    case 'RS256':
      return generateKeyPairSync('rsa', { modulusLength: 3072 }).privateKey;
    case 'EdDSA':
      return generateKeyPairSync('ed25519').privateKey;
  }
}

/** @throws {Error} if the key is invalid; the message shows no part of it. */
export function readStoredKey(stored: StoredKey | null): SigningKey {
  if (typeof stored?.kid !== 'string' || !Number.isSafeInteger(stored.active_from)) {
    throw new Error('a key needs "kid" and an integer "active_from"');
  }
  const { kid, alg, active_from: activeFrom } = stored;
  const privateKey = importPrivateKey(stored);
  if (algorithmOf(privateKey) !== alg) throw new Error(`key ${kid} does not fit its "alg"`);
  const publicKey = createPublicKey(privateKey);
  if (!verify(digestOf(alg), PROBE, publicKey, sign(digestOf(alg), PROBE, privateKey))) {
    throw new Error(`the private and the public part of key ${kid} do not belong together`);
  }
  const publicMembers = publicKey.export({ format: 'jwk' });
  return {
    kid,
    alg,
    activeFrom,
    privatePem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    publicJwk: { ...publicMembers, kid, alg, use: 'sig' } as Jwk,
  };
}

const PROBE = Buffer.from('tally');

const digestOf = (alg: Algorithm) => (alg === 'EdDSA' ? null : 'sha256');

function importPrivateKey(stored: StoredKey): KeyObject {
  try {
    return createPrivateKey({ key: stored, format: 'jwk' });
  } catch {
    throw new Error(`key ${stored.kid} is not a private JWK`);
  }
}

function algorithmOf(key: KeyObject): Algorithm | undefined {
  const { namedCurve, modulusLength = 0 } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType === 'ec' && namedCurve === 'prime256v1') return 'ES256';
  if (key.asymmetricKeyType === 'rsa' && modulusLength >= 2048) return 'RS256';
  if (key.asymmetricKeyType === 'ed25519') return 'EdDSA';
  return undefined;
}

function thumbprint(jwk: JsonWebKey): string {
  const members = THUMBPRINT_MEMBERS[jwk.kty as string]!;
  const canonical = Object.fromEntries(members.map((name) => [name, jwk[name]]));
  return createHash('sha256').update(JSON.stringify(canonical)).digest('base64url');
}
