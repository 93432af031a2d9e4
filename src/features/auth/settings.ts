import { commandLine } from '../../command-line.ts';
import {
  computed,
  count,
  divided,
  EMPTY_OR_VISIBLE,
  oneOf,
  text,
  type Values,
} from '../../setting-types.ts';

export const authVariables = {
  AUTH_MODE: oneOf('POST /auth gives a token to anyone, as a guest (open), or to accounts', [
    'open',
    'accounts',
  ]),
  TOKEN_ALGORITHM: oneOf('algorithm of newly made signing keys', ['ES256', 'RS256', 'EdDSA']),
  TOKEN_AUDIENCE: computed('PUBLIC_URL', text('audience (aud) of tokens', '', EMPTY_OR_VISIBLE)),
  TOKEN_CACHE_SIZE: divided(
    count('verified tokens that are remembered until they expire', 10_000, 0, 1e7),
  ),
  SIGNING_KEYS: text(
    `private JWK Set that replaces the key file, for replicas; ${commandLine('rotate-keys')} --print makes it`,
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
