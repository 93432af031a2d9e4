import { type RefreshTokens, Session } from './session.js';
import { checkToken, createMemoryStore, type TokenStore } from './token-store.js';
import { parseBaseUrl } from './url.js';

/** Options of one call, or of all calls of a client. */
export interface CallOptions {
  /**
   * Longest time without progress, in milliseconds; default 60,000. Each chunk of a stream that is sent restarts it.
   * Any other body adds one second for each 64,000 bytes. `Infinity` waits for ever. To end the call at a fixed time, use
   * `signal: AbortSignal.timeout(…)`.
   */
  timeout?: number | undefined;
  /** Number of times that a request is repeated if it was certainly not processed; default 2, at most 10. */
  retries?: number | undefined;
  /** Ends the call, even while it waits for the next attempt. The call rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
  /**
   * Largest answer that is read whole, in bytes; default 64 MiB. A larger one fails the call with the code
   * `response_too_large`. Streams have no limit; `Infinity` turns the limit off.
   */
  maxResponseBytes?: number | undefined;
  /** Additional headers. They replace those of the client. */
  headers?: HeadersInput | undefined;
}

export interface TallyOptions extends CallOptions {
  /** Address of the server, for instance `http://localhost:8000`. It may have a path. */
  baseUrl: string | URL;
  /** An access token that was obtained elsewhere; `login` and `authenticate` replace it. */
  token?: string | undefined;
  /** Storage for tokens, instead of memory. It decides who is signed in at the start, so it excludes `token`. */
  tokenStore?: TokenStore | undefined;
  /** Replaces the `fetch` of the runtime. */
  fetch?: typeof globalThis.fetch | undefined;
}

export type HeadersInput = Headers | Record<string, string> | [string, string][];

/** Options, checked and complete. */
export interface Settings {
  /** Has no trailing slash. */
  readonly baseUrl: string;
  readonly fetch: typeof globalThis.fetch;
  /** True if `fetch` is the caller's and not the runtime's. */
  readonly hasCustomFetch: boolean;
  readonly session: Session;
  readonly timeout: number;
  readonly retries: number;
  readonly signal: AbortSignal | undefined;
  readonly headers: Headers;
  readonly maxResponseBytes: number;
}

const DEFAULT_TIMEOUT_MS = 60_000;
const DEFAULT_RETRIES = 2;
const MAX_RETRIES = 10;
const DEFAULT_MAX_RESPONSE_BYTES = 64 * 1024 * 1024;

/** Makes the settings of a new client, with a session that is refreshed by `refresh`. */
export function createSettings(
  { baseUrl, fetch, token, tokenStore, ...options }: TallyOptions,
  refresh: (settings: Settings, refreshToken: string) => ReturnType<RefreshTokens>,
): Settings {
  if (token !== undefined) checkToken(token);
  if (token !== undefined && tokenStore)
    throw new TypeError('Give a token or a tokenStore, not both');
  const store = tokenStore ?? createMemoryStore(token);
  const { timeout = DEFAULT_TIMEOUT_MS } = options;
  const defaults: Settings = {
    baseUrl: parseBaseUrl(baseUrl),
    // Looked up for each call, because programs may replace it.
    fetch: fetch ?? ((...args) => globalThis.fetch(...args)),
    hasCustomFetch: fetch !== undefined,
    session: new Session(store, (refreshToken) => refresh(settings, refreshToken), timeout),
    timeout: DEFAULT_TIMEOUT_MS,
    retries: DEFAULT_RETRIES,
    signal: undefined,
    headers: new Headers(),
    maxResponseBytes: DEFAULT_MAX_RESPONSE_BYTES,
  };
  const settings = overrideSettings(defaults, options);
  return settings;
}

/** Returns the settings with those that the options replace. */
export function overrideSettings(settings: Settings, options: CallOptions): Settings {
  const { timeout = settings.timeout, retries = settings.retries } = options;
  const { maxResponseBytes = settings.maxResponseBytes } = options;
  if (!(typeof timeout === 'number' && timeout > 0)) {
    throw new RangeError('timeout must be a number of milliseconds above 0');
  }
  if (!(Number.isInteger(retries) && retries >= 0 && retries <= MAX_RETRIES)) {
    throw new RangeError(`retries must be a whole number from 0 to ${MAX_RETRIES}`);
  }
  if (!(typeof maxResponseBytes === 'number' && maxResponseBytes > 0)) {
    throw new RangeError('maxResponseBytes must be a number of bytes above 0');
  }
  return {
    ...settings,
    maxResponseBytes,
    timeout,
    retries,
    signal: options.signal ?? settings.signal,
    headers: mergeHeaders(settings.headers, options.headers),
  };
}

function mergeHeaders(base: Headers, input: HeadersInput = []): Headers {
  const merged = new Headers(base);
  const pairs = Symbol.iterator in input ? [...input] : Object.entries(input);
  for (const [name, value] of pairs) {
    try {
      merged.set(name, value);
    } catch {
      // The runtime's own error would quote the value.
      throw new TypeError(`The name or value of the header ${JSON.stringify(name)} is not valid`);
    }
  }
  return merged;
}
