import { join } from 'node:path';
import { commandLine } from '../../../command-line.ts';
import type { KeyStore } from '../../../key-file.ts';
import {
  type Algorithm,
  makeStoredKey,
  readStoredKey,
  type SigningKey,
  type StoredKey,
} from './signing-key.ts';

/** Lifetime of a token: the contract of `POST /auth`. */
export const TOKEN_LIFETIME_SECONDS = 3600;

/** Time for which verifiers may cache the JWK Set. */
export const JWKS_MAX_AGE_SECONDS = 300;

/** Time for which a new key is published before it signs: every verifier has read it by then. */
export const PUBLISH_LEAD_SECONDS = 2 * JWKS_MAX_AGE_SECONDS;

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
    command: commandLine('rotate-keys'),
  };
}

/**
 * A key set over time. Everything follows from the times at which the keys start to sign: the newest key that
 * has started signs; each key is trusted until the last token that it can have signed has expired, which is one
 * lifetime after its successor starts. Times are seconds since 1970.
 */
export interface KeyRing {
  /** Returns the key that signs. */
  signer(now?: number): SigningKey;
  /** Returns the key with that id, if a token that it signed may not have expired yet. */
  find(kid: unknown, now?: number): SigningKey | undefined;
  /** Returns the trusted keys, including those that do not sign yet. */
  published(now?: number): SigningKey[];
}

const nowInSeconds = () => Math.floor(Date.now() / 1000);

/** @throws {Error} if the set is empty or a key is invalid. */
export function createKeyRing(stored: StoredKeySet): KeyRing {
  if (!Array.isArray(stored?.keys) || stored.keys.length === 0) {
    throw new Error('the key set needs a non-empty array "keys"');
  }
  const keys = stored.keys.map(readStoredKey).sort((a, b) => a.activeFrom - b.activeFrom);
  if (new Set(keys.map(({ kid }) => kid)).size < keys.length) {
    throw new Error('two keys have the same "kid"');
  }
  const isTrusted = (index: number, now: number) => {
    const successor = keys[index + 1];
    return successor === undefined || now < successor.activeFrom + TOKEN_LIFETIME_SECONDS;
  };
  return {
    signer: (now = nowInSeconds()) =>
      keys.findLast(({ activeFrom }) => activeFrom <= now) ?? keys[0]!,
    find: (kid, now = nowInSeconds()) =>
      keys.find((key, index) => key.kid === kid && isTrusted(index, now)),
    published: (now = nowInSeconds()) => keys.filter((_, index) => isTrusted(index, now)),
  };
}

export function firstKeySet(algorithm: Algorithm, now = nowInSeconds()): StoredKeySet {
  return { keys: [makeStoredKey(algorithm, now)] };
}

/** Adds a key that signs once every verifier has it, and drops the keys that are no longer trusted. */
export function rotateKeySet(
  set: StoredKeySet,
  algorithm: Algorithm,
  now = nowInSeconds(),
): StoredKeySet {
  const trusted = new Set(
    createKeyRing(set)
      .published(now)
      .map(({ kid }) => kid),
  );
  const kept = set.keys.filter(({ kid }) => trusted.has(kid));
  return { keys: [...kept, makeStoredKey(algorithm, now + PUBLISH_LEAD_SECONDS)] };
}
