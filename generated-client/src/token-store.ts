import type { SessionTokens } from './generated/models/SessionTokens.js';
import type { Token } from './generated/models/Token.js';

/** What a client knows of its session. Plain JSON, and secret: whoever has it is signed in. */
export interface TokenSet {
  accessToken: string;
  /** A guest has none. */
  refreshToken?: string | undefined;
  /** When the access token expires, if that is known: milliseconds since 1970, by this machine's clock. */
  expiresAt?: number | undefined;
  /** When someone signed in, by the same clock. What is refreshed keeps it: it tells sessions apart. */
  signedInAt: number;
}

/**
 * Where tokens are kept: by default in memory, for as long as the client lives. With a store of one's
 * own they outlive the program, or are shared by the tabs of a browser. The client keeps no copy and
 * asks before each request, so what one tab saves or clears counts for the others at once.
 *
 * Each method may answer at once or with a promise. What a method throws, the call throws.
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
  /** Undefined or null if nobody is signed in. */
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

/** The answer to a sign-in or a refresh. What lacks a part must not replace tokens that work. */
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

/** A token that can stand in a header (RFC 6750 section 2.1). The runtime's own error would quote it. */
export function checkToken(token: string): string {
  if (!isBearer(token)) throw new TypeError('The token is not a bearer token');
  return token;
}
