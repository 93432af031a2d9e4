import { createCipheriv, createDecipheriv, hash, randomBytes } from 'node:crypto';

/** The identity of a request that its sender may repeat. */
export interface Claim {
  keyHash: Buffer;
  requestHash: Buffer;
  /** Encrypts the result, and is never stored: results may hold names, and tokens of links. */
  sealingKey: Buffer;
}

export interface Repeatable {
  /** The id of an account, for example. Each sender has keys of its own. */
  sender: string;
  /** The method and the route. */
  operation: string;
  /** The Idempotency-Key. */
  key: string;
  /** A JSON value that determines what the request does; the order of members does not matter. */
  content: unknown;
}

export function claimOf({ sender, operation, key, content }: Repeatable): Claim {
  const identity = [sender, operation, key];
  return {
    keyHash: digest(['key', ...identity]),
    requestHash: digest(['request', content]),
    sealingKey: digest(['seal', ...identity]),
  };
}

function digest(value: unknown): Buffer {
  const canonical = JSON.stringify(value, (_, member) =>
    Object(member) === member && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
  return hash('sha256', canonical, 'buffer');
}

const ALGORITHM = 'aes-256-gcm';
const IV_LENGTH = 12;
const TAG_LENGTH = 16;

/** Encrypts a JSON result, so that only the sender's key decrypts it. */
export function seal({ sealingKey }: Claim, result: unknown): string {
  const iv = randomBytes(IV_LENGTH);
  const cipher = createCipheriv(ALGORITHM, sealingKey, iv);
  const encrypted = [cipher.update(JSON.stringify(result)), cipher.final()];
  return Buffer.concat([iv, ...encrypted, cipher.getAuthTag()]).toString('base64');
}

export function unseal<T>({ sealingKey }: Claim, sealed: string): T {
  const bytes = Buffer.from(sealed, 'base64');
  const decipher = createDecipheriv(ALGORITHM, sealingKey, bytes.subarray(0, IV_LENGTH));
  decipher.setAuthTag(bytes.subarray(-TAG_LENGTH));
  const encrypted = bytes.subarray(IV_LENGTH, -TAG_LENGTH);
  return JSON.parse(Buffer.concat([decipher.update(encrypted), decipher.final()]).toString());
}
