declare module '@fastify/jwt' {
  interface FastifyJWT {
    payload: UnsignedClaims;
    /** Claims of the verified token; null on public routes. */
    user: Claims | null;
  }
  /** Keys are looked up for each token, so these two are asynchronous. */
  interface JWT {
    sign(claims: UnsignedClaims): Promise<string>;
    /** Verifies a token without looking at its session, as `request.jwtVerify` does. */
    verify(token: string): Promise<Claims>;
  }
}

/** Claims of an access token (RFC 9068 section 2.2). Times are seconds since 1970. */
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
  /** Account of the token; absent for guests. */
  uid?: string;
  /** Session that the token ends with; absent for guests. */
  sid?: string;
}

/** The claims that depend on who gets the token. */
export type Grant = Pick<Claims, 'sub' | 'scope' | 'acr' | 'uid' | 'sid'>;

/** The claims that `@fastify/jwt` does not add. */
export type UnsignedClaims = Grant & Pick<Claims, 'client_id' | 'jti'>;
