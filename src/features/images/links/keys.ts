import { createHmac, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { commandLine } from '../../../command-line.ts';
import type { KeyStore } from '../../../key-file.ts';

/** A key that signs links; both members are base64url. */
export interface StoredLinkKey {
  kid: string;
  secret: string;
}

/** The key set as stored in the key file or in LINK_KEYS. The last key signs; links of all keys are valid. */
export interface StoredLinkKeys {
  keys: StoredLinkKey[];
}

export interface LinkKey {
  kid: Buffer;
  secret: Buffer;
}

/** Length of a key id in a link, in bytes. */
export const KID_LENGTH = 3;
const SECRET_LENGTH = 32;
/** Length of a signature, in bytes. */
export const MAC_LENGTH = 32;

export function linkKeyStore(config: { dataDir: string; images: { linkKeys: string } }): KeyStore {
  return {
    variable: 'LINK_KEYS',
    value: config.images.linkKeys,
    path: join(config.dataDir, 'link-keys.json'),
    command: commandLine('rotate-link-keys'),
  };
}

export function makeLinkKey(): StoredLinkKey {
  return {
    kid: randomBytes(KID_LENGTH).toString('base64url'),
    secret: randomBytes(SECRET_LENGTH).toString('base64url'),
  };
}

/** @throws {Error} if the key set is invalid; the message shows no key. */
export function readLinkKeys(stored: StoredLinkKeys): LinkKey[] {
  const keys: (StoredLinkKey | null)[] | undefined = stored?.keys;
  if (!Array.isArray(keys) || keys.length === 0) {
    throw new Error('the key set of links needs a non-empty array "keys"');
  }
  return keys.map((entry) => {
    const key = { kid: decode(entry?.kid), secret: decode(entry?.secret) };
    if (key.kid.length !== KID_LENGTH || key.secret.length < SECRET_LENGTH) {
      throw new Error(
        `a link key needs "kid" of ${KID_LENGTH} bytes and "secret" of ${SECRET_LENGTH}, in base64url`,
      );
    }
    return key;
  });
}

/** Signs with HMAC-SHA-256. `purpose` separates what one key signs; neither may be the beginning of another. */
export function macOf(
  { secret }: LinkKey,
  purpose: string,
  ...content: (Buffer | string)[]
): Buffer {
  const mac = createHmac('sha256', secret).update(purpose);
  for (const part of content) mac.update(part);
  return mac.digest();
}

function decode(text: unknown): Buffer {
  return Buffer.from(typeof text === 'string' ? text : '', 'base64url');
}
