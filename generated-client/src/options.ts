import { type HeadersInput, mergeHeaders } from './headers.js';
import type { Hooks } from './hooks.js';
import { TokenHolder } from './token-holder.js';
import { checkToken, createMemoryStore, type TokenStore } from './token-store.js';
import { parseBaseUrl } from './url.js';

export type { HeadersInput } from './headers.js';

/** Options of one call, or of all calls of a client. */
export interface CallOptions {
  /**
   * Longest time without progress, in milliseconds; default 60,000. Each chunk of a stream that is sent restarts it.
   * Any other body adds one second for each 64,000 bytes. `Infinity` waits for ever. To end the call at a fixed time, use
   * `signal: AbortSignal.timeout(…)`.
   */
  timeout?: number | undefined;
  /** Number of times that a request is repeated if that is safe; default 2, at most 10. */
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

export interface TallyOptions extends CallOptions, Hooks {
  /** Address of the server, for instance `http://localhost:8000`. It may have a path. */
  baseUrl: string | URL;
  /** An access token that was obtained elsewhere; `login` and `authenticate` replace it. */
  token?: string | undefined;
  /** Storage for tokens, instead of memory. It decides who is signed in at the start, so it excludes `token`. */
  tokenStore?: TokenStore | undefined;
  /** Replaces the `fetch` of the runtime. */
  fetch?: typeof globalThis.fetch | undefined;
}

/** Options, checked and complete. */
export interface Settings extends Hooks {
  /** Has no trailing slash. */
  readonly baseUrl: string;
  readonly fetch: typeof globalThis.fetch;
  /** True if `fetch` is the caller's and not the runtime's. */
  readonly hasCustomFetch: boolean;
  readonly tokens: TokenHolder;
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

/** Makes the holder of a client's tokens. It may use the settings later, not at once. */
export type CreateHolder = (
  store: TokenStore,
  settings: () => Settings,
  timeout: number,
) => TokenHolder;

/** Makes the settings of a new client. */
export function createSettings(
  { baseUrl, fetch, token, tokenStore, onRequest, onResponse, ...options }: TallyOptions,
  createHolder: CreateHolder = (store) => new TokenHolder(store),
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
    onRequest,
    onResponse,
    tokens: createHolder(store, () => settings, timeout),
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
  for (const [name, value] of Object.entries({ timeout, maxResponseBytes })) {
    if (!(typeof value === 'number' && value > 0)) {
      throw new RangeError(`${name} must be a number above 0`);
    }
  }
  if (!(Number.isInteger(retries) && retries >= 0 && retries <= MAX_RETRIES)) {
    throw new RangeError(`retries must be a whole number from 0 to ${MAX_RETRIES}`);
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
