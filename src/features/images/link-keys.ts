import { randomBytes } from 'node:crypto';
import { join } from 'node:path';

/** A key that signs links: both texts are base64url. */
export interface StoredLinkKey {
  kid: string;
  secret: string;
}

/** As it lies in the key file or in LINK_KEYS. The last key signs; links of all of them are valid. */
export interface StoredLinkKeys {
  keys: StoredLinkKey[];
}

export interface LinkKey {
  kid: Buffer;
  secret: Buffer;
}

/** Of a key's id in a link, in bytes. */
export const KID_LENGTH = 3;
const SECRET_LENGTH = 32;

export function linkKeyPath(dataDir: string): string {
  return join(dataDir, 'link-keys.json');
}

export function makeLinkKey(): StoredLinkKey {
  return {
    kid: randomBytes(KID_LENGTH).toString('base64url'),
    secret: randomBytes(SECRET_LENGTH).toString('base64url'),
  };
}

/** @throws {Error} that shows nothing of the keys. */
export function readLinkKeys(stored: StoredLinkKeys | null): LinkKey[] {
  const keys: (StoredLinkKey | null)[] | undefined = stored?.keys;
  if (!Array.isArray(keys) || keys.length === 0) {
    throw new Error('the keys of links need a non-empty array "keys"');
  }
  return keys.map((entry) => {
    const key = { kid: decode(entry?.kid), secret: decode(entry?.secret) };
    if (key.kid.length !== KID_LENGTH || key.secret.length < SECRET_LENGTH) {
      throw new Error(
        `a key of links needs "kid" of ${KID_LENGTH} bytes and "secret" of ${SECRET_LENGTH}, in base64url`,
      );
    }
    return key;
  });
}

function decode(text: unknown): Buffer {
  return Buffer.from(typeof text === 'string' ? text : '', 'base64url');
}
