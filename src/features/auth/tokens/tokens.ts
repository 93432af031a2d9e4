import { randomUUID } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { LRUCache } from 'lru-cache';
import { type KeyRing, TOKEN_LIFETIME_SECONDS } from '../keys/key-ring.ts';
import type { Jwk } from '../keys/schemas.ts';
import type { SigningKey } from '../keys/signing-key.ts';
import type { LoadAccount } from './account-loader.ts';
import type { Claims, Grant } from './claims.ts';
import type { Signer } from './signers.ts';

declare module 'fastify' {
  interface FastifyInstance {
    tokens: Tokens;
  }
}

/** Issues and verifies access tokens. */
export interface Tokens {
  readonly issuer: string;
  /** Algorithms of the published keys. */
  readonly algorithms: string[];
  /** Signs a token and returns it as a token response (RFC 6749 section 5.1). */
  issue(grant: Grant): Promise<TokenResponse>;
  /**
   * Does what `request.jwtVerify` does, but checks the signature of a token only once. Returns nothing where there
   * is nothing to wait for: a promise would cost a tenth of a small request.
   *
   * @throws {Problem} `missing_token`, `invalid_token`, `token_expired`, `session_ended`
   */
  verify(request: FastifyRequest): Promise<void> | undefined;
  /** Returns the public keys (RFC 7517 section 5). */
  jwks(): { keys: Jwk[] };
}

export interface TokenResponse {
  access_token: string;
  token_type: 'Bearer';
  /** Seconds. */
  expires_in: number;
  scope: string;
}

/** The current keys, and the tokens that they have verified. */
export interface Keys {
  ring: KeyRing;
  verified: LRUCache<string, Claims> | undefined;
}

const CLIENT_ID = 'tally';

export interface TokensDeps {
  keys(): Keys;
  signerOf(key: SigningKey): Promise<Signer>;
  loadAccount: LoadAccount;
}

export function createTokens(issuer: string, { keys, signerOf, loadAccount }: TokensDeps): Tokens {
  return {
    issuer,
    get algorithms() {
      return [
        ...new Set(
          keys()
            .ring.published()
            .map(({ alg }) => alg),
        ),
      ];
    },
    async issue(grant) {
      const sign = await signerOf(keys().ring.signer());
      return {
        access_token: sign({ ...grant, client_id: CLIENT_ID, jti: randomUUID() }),
        token_type: 'Bearer',
        expires_in: TOKEN_LIFETIME_SECONDS,
        scope: grant.scope,
      };
    },
    verify(request) {
      const token = plainTokenOf(request);
      const { verified } = keys();
      const known = token && verified?.get(token);
      if (known && Date.now() < known.exp * 1000) {
        request.user = known;
        return known.sid === undefined ? undefined : loadAccount(request, known);
      }
      return request.jwtVerify().then(() => {
        if (token) verified?.set(token, request.user!);
      });
    },
    jwks: () => ({
      keys: keys()
        .ring.published()
        .map(({ publicJwk }) => publicJwk),
    }),
  };
}

/** Returns the token of a header in its usual spelling. Others are not cached: padding could fill the memory. */
function plainTokenOf({ headers: { authorization = '' } }: FastifyRequest): string | undefined {
  const token = authorization.startsWith('Bearer ') ? authorization.slice('Bearer '.length) : '';
  return token === '' || token.includes(' ') ? undefined : token;
}
