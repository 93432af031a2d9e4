import { createCipheriv, createDecipheriv, hash, randomBytes } from 'node:crypto';

/** A request that its sender may repeat, as the database knows it. */
export interface Claim {
  keyHash: Buffer;
  requestHash: Buffer;
  /** Never stored: results may hold tokens of links, and names. */
  sealingKey: Buffer;
}

export interface Repeatable {
  /** An account id, for instance. Keys of different senders never meet. */
  sender: string;
  /** The method and the route. */
  operation: string;
  /** The Idempotency-Key. */
  key: string;
  /** All that decides what the request does, as JSON has it; the order of members does not count. */
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

/** Encrypts a result, which must be JSON, so that the sender's key alone opens it. */
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
