import { hash, randomBytes } from 'node:crypto';

/** Returns 256 random bits, as text: a refresh token, or the token of a link. */
export function createSecretToken(): string {
  return randomBytes(32).toString('base64url');
}

/** Returns what is stored of a secret token: 256 random bits need neither a salt nor a slow hash. */
export function hashOfToken(token: string): Buffer {
  return hash('sha256', token, 'buffer');
}
