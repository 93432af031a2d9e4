import type { FastifyJWTOptions } from '@fastify/jwt';
import type { FastifyRequest } from 'fastify';
import { problems } from '../../../http/problem.ts';
import { refuseToken } from '../../../http/secured.ts';
import { type KeyRing, TOKEN_LIFETIME_SECONDS } from '../keys/key-ring.ts';
import type { SigningKey } from '../keys/signing-key.ts';
import type { AuthSettings } from '../settings.ts';
import type { LoadAccount } from './account-loader.ts';
import type { Claims } from './claims.ts';

/** RFC 9068 section 2.1: keeps other JWTs, such as ID tokens, from passing as access tokens. */
const TOKEN_TYPE = 'at+jwt';
/** RFC 9068 section 2.2, and `scope`, which every token here has. */
const REQUIRED_CLAIMS = ['iss', 'aud', 'sub', 'client_id', 'iat', 'exp', 'jti', 'scope', 'acr'];
/** Longer tokens are refused before any work; the longest one issued here is far shorter. */
const MAX_TOKEN_LENGTH = 8192;

/** Options that make all that `@fastify/jwt` decorates sign and verify access tokens of this server. */
export function jwtOptions(
  settings: AuthSettings,
  ring: () => KeyRing,
  loadAccount: LoadAccount,
): FastifyJWTOptions {
  return {
    secret: {
      private: byHeader(({ kid }) => (ring().find(kid) ?? ring().signer()).privatePem),
      public: byHeader(({ alg, kid }) => {
        const key = ring().find(kid);
        // RFC 8725 section 3.1: the algorithm is that of the key, never that of the token.
        if (!key || key.alg !== alg) throw invalidToken();
        return key.publicPem;
      }),
    },
    decode: { complete: true },
    sign: signOptions(settings, () => ring().signer()),
    verify: {
      checkTyp: TOKEN_TYPE,
      allowedIss: settings.issuer,
      allowedAud: settings.audience,
      requiredClaims: REQUIRED_CLAIMS,
      extractToken,
    },
    async trusted(request, claims) {
      if (typeof claims.scope !== 'string') throw invalidToken();
      await loadAccount(request, claims as Claims);
      return true;
    },
  };
}

/** Options for signing with the key that `signer` returns, which may change. */
export function signOptions({ issuer, audience }: AuthSettings, signer: () => SigningKey) {
  return {
    iss: issuer,
    aud: audience,
    expiresIn: TOKEN_LIFETIME_SECONDS,
    header: {
      get alg() {
        return signer().alg;
      },
      typ: TOKEN_TYPE,
      get kid() {
        return signer().kid;
      },
    },
  };
}

interface Header {
  alg?: unknown;
  kid?: unknown;
}

/**
 * Returns a `secret` that depends on the header of a token. `app.jwt` calls it with the token and a callback;
 * `request.jwtVerify` and `reply.jwtSign` put the request before them.
 */
function byHeader(selectKey: (header: Header) => string) {
  return async (...parameters: unknown[]): Promise<string> => {
    const { header = {} } = parameters.at(-2) as { header?: Header };
    return selectKey(header);
  };
}

/** The credentials of RFC 6750 section 2.1; the name of the scheme is case-insensitive (RFC 9110 section 11.1). */
const BEARER = /^bearer +([\w~+/.-]+=*) *$/i;

/** @throws {Problem} `missing_token`, `invalid_token` */
function extractToken({ headers: { authorization = '' } }: FastifyRequest): string {
  if (!/^bearer(?: |$)/i.test(authorization)) throw refuseToken(problems.missingToken);
  const token = BEARER.exec(authorization)?.[1];
  if (token === undefined || token.length > MAX_TOKEN_LENGTH) throw invalidToken();
  return token;
}

function invalidToken() {
  return refuseToken(problems.invalidToken, 'invalid_token');
}
