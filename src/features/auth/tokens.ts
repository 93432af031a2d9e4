import { randomUUID } from 'node:crypto';
import fastifyJwt from '@fastify/jwt';
import { createSigner } from 'fast-jwt';
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import { LRUCache } from 'lru-cache';
import type { Config } from '../../config.ts';
import { openKeys } from '../../key-file.ts';
import {
  createKeyRing,
  firstKeySet,
  type KeyRing,
  signingKeyStore,
  TOKEN_LIFETIME,
} from './keys/key-ring.ts';
import type { SigningKey } from './keys/signing-key.ts';

declare module 'fastify' {
  interface FastifyInstance {
    tokens: Tokens;
  }
}

/** The claims of an access token (RFC 9068 section 2.2). Times are seconds since 1970. */
export interface Claims {
  iss: string;
  aud: string;
  sub: string;
  client_id: string;
  iat: number;
  exp: number;
  jti: string;
  scope: string;
  acr: string;
  /** Of an account's token: the account, and the session that the token dies with. */
  uid?: string;
  sid?: string;
}

/** What the issuer of a token decides; the rest follows from the configuration and the time. */
export type Grant = Pick<Claims, 'sub' | 'scope' | 'acr' | 'uid' | 'sid'>;

/** Signs and verifies access tokens with the keys of the moment. */
export interface Tokens {
  readonly issuer: string;
  readonly algorithms: string[];
  /** A signed token that lives {@link TOKEN_LIFETIME} seconds. */
  sign(grant: Grant): string;
  /**
   * A token that was verified before, with the keys that count now, and has not expired. A client that
   * calls often pays for one signature. Refusals are not kept: garbage cannot fill the memory.
   */
  recall(token: string): Claims | undefined;
  /** @throws {TokenRefused} */
  verify(token: string): Claims;
  /** The public keys (RFC 7517 section 5). */
  jwks(): { keys: object[] };
}

/** `expired` is said only of a token that a key of ours has signed. */
export class TokenRefused extends Error {
  override readonly name = 'TokenRefused';
  readonly expired: boolean;

  constructor(expired: boolean, cause?: unknown) {
    super(expired ? 'the token has expired' : 'the token is not valid', { cause });
    this.expired = expired;
  }
}

/** RFC 9068 section 2.1: it keeps other JWTs, such as ID tokens, from passing as access tokens. */
const TOKEN_TYPE = 'at+jwt';
/** RFC 9068 section 2.2, and `scope`, which every token of ours has. */
const REQUIRED_CLAIMS = ['iss', 'aud', 'sub', 'client_id', 'iat', 'exp', 'jti', 'scope', 'acr'];
const CLIENT_ID = 'tally';
/** No token of ours comes near it; what is longer is refused before any work. */
const MAX_TOKEN_LENGTH = 8192;

const nowInSeconds = () => Math.floor(Date.now() / 1000);

export const tokensPlugin = fp(
  async (app: FastifyInstance, { config }: { config: Config }) => {
    const keys = openSigningKeys(app, config);
    const { privatePem, publicPem, alg } = keys().ring.signer(nowInSeconds());
    await app.register(fastifyJwt, {
      secret: { private: privatePem, public: publicPem },
      sign: { algorithm: alg },
      verify: { algorithms: [alg] },
    });
    app.decorate('tokens', createTokens(app, config, keys));
  },
  { name: 'tokens' },
);

/** The keys of the moment, and the tokens that were verified with them: both go when the keys change. */
interface Keys {
  ring: KeyRing;
  verified: LRUCache<string, Claims> | undefined;
}

function openSigningKeys(app: FastifyInstance, config: Config): () => Keys {
  const { algorithm, cacheSize } = config.auth;
  return openKeys(app, signingKeyStore(config), {
    create: () => firstKeySet(algorithm, nowInSeconds()),
    parse: (stored): Keys => ({
      ring: createKeyRing(stored),
      verified: cacheSize > 0 ? new LRUCache({ max: cacheSize }) : undefined,
    }),
  });
}

type Signer = (claims: Claims) => string;

function createTokens(app: FastifyInstance, config: Config, keys: () => Keys): Tokens {
  const { issuer, audience } = config.auth;
  const signers = new WeakMap<SigningKey, Signer>();

  function sign(grant: Grant): string {
    const iat = nowInSeconds();
    const key = keys().ring.signer(iat);
    const claims: Claims = {
      iss: issuer,
      aud: audience,
      ...grant,
      client_id: CLIENT_ID,
      iat,
      exp: iat + TOKEN_LIFETIME,
      jti: randomUUID(),
    };
    return signerOf(key)(claims);
  }

  /** To read a key takes longer than to sign with it. */
  function signerOf(key: SigningKey): Signer {
    const known = signers.get(key);
    if (known) return known;
    const { privatePem, alg, kid } = key;
    const header = { alg, typ: TOKEN_TYPE };
    const signer: Signer = createSigner({ key: privatePem, algorithm: alg, kid, header });
    signers.set(key, signer);
    return signer;
  }

  function recall(token: string): Claims | undefined {
    const known = keys().verified?.get(token);
    return known && Date.now() < known.exp * 1000 ? known : undefined;
  }

  function verify(token: string): Claims {
    if (token.length > MAX_TOKEN_LENGTH) throw new TokenRefused(false);
    try {
      const claims = verifyWith(keyOf(token), token);
      keys().verified?.set(token, claims);
      return claims;
    } catch (error) {
      throw new TokenRefused((error as NodeJS.ErrnoException).code === 'FAST_JWT_EXPIRED', error);
    }
  }

  /** The algorithm is the key's, never the token's (RFC 8725 section 3.1). */
  function verifyWith(
    { publicPem, alg }: { publicPem: string; alg: 'ES256' | 'RS256' | 'EdDSA' },
    token: string,
  ) {
    const claims = app.jwt.verify<Claims>(token, {
      key: publicPem,
      algorithms: [alg],
      checkTyp: TOKEN_TYPE,
      allowedIss: issuer,
      allowedAud: audience,
      requiredClaims: REQUIRED_CLAIMS,
    });
    if (typeof claims.scope !== 'string') throw new Error('the scope is not a text');
    return claims;
  }

  function keyOf(token: string) {
    const { header } = app.jwt.decode<{ header: { kid?: unknown } }>(token, { complete: true })!;
    const key = keys().ring.find(String(header.kid), nowInSeconds());
    if (!key) throw new Error('no key of that id is trusted');
    return key;
  }

  return {
    issuer,
    sign,
    recall,
    verify,
    get algorithms() {
      return [
        ...new Set(
          keys()
            .ring.published(nowInSeconds())
            .map((key) => key.alg),
        ),
      ];
    },
    jwks: () => ({
      keys: keys()
        .ring.published(nowInSeconds())
        .map((key) => key.publicJwk),
    }),
  };
}
