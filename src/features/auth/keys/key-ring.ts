import { join } from 'node:path';
import type { KeyStore } from '../../../key-file.ts';
import {
  type Algorithm,
  makeStoredKey,
  readStoredKey,
  type SigningKey,
  type StoredKey,
} from './signing-key.ts';

/** How long a token lives, in seconds: the contract of `POST /auth`. */
export const TOKEN_LIFETIME = 3600;

/**
 * How long a new key is published before it signs, in seconds: twice the time for which verifiers
 * may cache the JWK Set.
 */
export const PUBLISH_LEAD = 600;

/** The private JWK Set (RFC 7517 section 5), as stored in the key file or in `SIGNING_KEYS`. */
export interface StoredKeySet {
  keys: StoredKey[];
}

export function signingKeyStore(config: {
  dataDir: string;
  auth: { signingKeys: string };
}): KeyStore {
  return {
    variable: 'SIGNING_KEYS',
    value: config.auth.signingKeys,
    path: join(config.dataDir, 'signing-keys.json'),
    command: 'scripts/rotate-keys',
  };
}

/**
 * The keys of one moment. Everything follows from the times at which the keys start to sign: the
 * signer is the last that has started; each key is trusted until the last token that it can have
 * signed, which is one lifetime after its successor starts, has expired.
 */
export interface KeyRing {
  /** The key that signs at `now` (seconds since 1970). */
  signer(now: number): SigningKey;
  /** The key of that id, if a token that it signed may be alive at `now`. */
  find(kid: string, now: number): SigningKey | undefined;
  /** The public JWK Set: keys that sign, have signed within a lifetime, or are about to. */
  published(now: number): SigningKey[];
}

/** @throws {Error} if the set has no key or a bad one. */
export function createKeyRing(stored: StoredKeySet): KeyRing {
  if (!Array.isArray(stored?.keys) || stored.keys.length === 0) {
    throw new Error('the key set needs a non-empty array "keys"');
  }
  const keys = stored.keys.map(readStoredKey).sort((a, b) => a.activeFrom - b.activeFrom);
  if (new Set(keys.map(({ kid }) => kid)).size < keys.length) {
    throw new Error('two keys have the same "kid"');
  }
  const trusted = (index: number, now: number) => {
    const successor = keys[index + 1];
    return successor === undefined || now < successor.activeFrom + TOKEN_LIFETIME;
  };
  return {
    signer: (now) => keys.findLast((key) => key.activeFrom <= now) ?? keys[0]!,
    find: (kid, now) => keys.find((key, index) => key.kid === kid && trusted(index, now)),
    published: (now) => keys.filter((_, index) => trusted(index, now)),
  };
}

export function firstKeySet(algorithm: Algorithm, now: number): StoredKeySet {
  return { keys: [makeStoredKey(algorithm, now)] };
}

/** Adds a key that signs once every verifier can know it, and drops those that nobody needs. */
export function rotateKeySet(set: StoredKeySet, algorithm: Algorithm, now: number): StoredKeySet {
  const needed = new Set(
    createKeyRing(set)
      .published(now)
      .map((key) => key.kid),
  );
  const kept = set.keys.filter((key) => needed.has(key.kid));
  return { keys: [...kept, makeStoredKey(algorithm, now + PUBLISH_LEAD)] };
}
