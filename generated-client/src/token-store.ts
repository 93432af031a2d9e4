import type { SessionTokens } from './generated/models/SessionTokens.js';
import type { Token } from './generated/models/Token.js';

/** The tokens of a session, as plain JSON. They are secret: whoever has them is signed in. */
export interface TokenSet {
  accessToken: string;
  /** Undefined for a guest. */
  refreshToken?: string | undefined;
  /** Expiry of the access token, if known, in milliseconds since 1970 by this machine's clock. */
  expiresAt?: number | undefined;
  /** Time of the sign-in by the same clock. A refresh keeps it, so it identifies the session. */
  signedInAt: number;
}

/**
 * Storage for tokens. The default is memory, which lasts as long as the client. Other stores let tokens outlive the
 * program, or share them between the tabs of a browser. The client keeps no copy and loads the tokens before each
 * request, so a change by one tab counts for the others at once.
 *
 * Each method may return a promise. An error of a method is thrown by the call.
 *
 * @example
 * ```ts
 * const tokenStore: TokenStore = {
 *   load: () => JSON.parse(localStorage.getItem('tally') ?? 'null'),
 *   save: (tokens) => localStorage.setItem('tally', JSON.stringify(tokens)),
 *   clear: () => localStorage.removeItem('tally'),
 * };
 * ```
 */
export interface TokenStore {
  /** Returns undefined or null if nobody is signed in. */
  load(): TokenSet | undefined | null | Promise<TokenSet | undefined | null>;
  save(tokens: TokenSet): void | Promise<void>;
  clear(): void | Promise<void>;
}

export function createMemoryStore(accessToken: string | undefined): TokenStore {
  let tokens: TokenSet | undefined;
  if (accessToken !== undefined) tokens = { accessToken, signedInAt: Date.now() };
  return {
    load: () => tokens,
    save(next) {
      tokens = next;
    },
    clear() {
      tokens = undefined;
    },
  };
}

/** Checks the answer to a sign-in or a refresh, because an incomplete one must not replace working tokens. */
export function isSessionTokens(content: unknown): content is SessionTokens {
  return isToken(content) && isBearer((content as Partial<SessionTokens>).refresh_token);
}

export function isToken(content: unknown): content is Token {
  const { access_token, expires_in } = content as Partial<Token>;
  return isBearer(access_token) && Number.isFinite(expires_in);
}

function isBearer(token: unknown): token is string {
  return typeof token === 'string' && /^[\w\-.~+/]+=*$/.test(token);
}

/** Refuses a token that is not valid in a header (RFC 6750 section 2.1). The runtime's own error would quote it. */
export function checkToken(token: string): string {
  if (!isBearer(token)) throw new TypeError('The token is not the access_token of a sign-in');
  return token;
}
