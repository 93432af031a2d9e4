import { hash, randomBytes } from 'node:crypto';

/** Returns 256 random bits, as text. */
export function createRefreshToken(): string {
  return randomBytes(32).toString('base64url');
}

/** Returns what is stored of a refresh token: 256 random bits need neither a salt nor a slow hash. */
export function hashOfToken(token: string): Buffer {
  return hash('sha256', token, 'buffer');
}
