import { count, EMPTY_OR_VISIBLE, oneOf, text, type Values } from '../../setting-types.ts';

export const authVariables = {
  AUTH_MODE: oneOf('POST /auth gives tokens to anyone (open), or to accounts', [
    'open',
    'accounts',
  ]),
  TOKEN_ALGORITHM: oneOf('algorithm of newly made signing keys', ['ES256', 'RS256', 'EdDSA']),
  TOKEN_AUDIENCE: text('audience (aud) of tokens (default: PUBLIC_URL)', '', EMPTY_OR_VISIBLE),
  TOKEN_CACHE_SIZE: count('verified tokens that are remembered until they expire', 10_000, 0, 1e7),
  SIGNING_KEYS: text(
    'private JWK Set that replaces the key file, for replicas; scripts/rotate-keys --print makes it',
  ),
};

export type AuthSettings = ReturnType<typeof toAuthSettings>;

export function toAuthSettings(env: Values<typeof authVariables>, publicUrl: string) {
  return {
    mode: env.AUTH_MODE,
    issuer: publicUrl,
    audience: env.TOKEN_AUDIENCE || publicUrl,
    algorithm: env.TOKEN_ALGORITHM,
    cacheSize: env.TOKEN_CACHE_SIZE,
    signingKeys: env.SIGNING_KEYS,
  };
}
