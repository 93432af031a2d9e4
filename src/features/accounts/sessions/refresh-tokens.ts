import { hash, randomBytes } from 'node:crypto';

/** 256 random bits, as text. */
export function newRefreshToken(): string {
  return randomBytes(32).toString('base64url');
}

/** What is stored of a refresh token. It needs no salt and no slow hash: nobody can guess 256 bits. */
export function hashOfToken(token: string): Buffer {
  return hash('sha256', token, 'buffer');
}
