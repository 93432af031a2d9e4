import { Session } from './session.js';
import { checkToken, createMemoryStore, type TokenStore } from './token-store.js';
import { refreshSession } from './transport.js';
import { parseBaseUrl } from './url.js';

/** What can be set for one call, and for all calls of a client. */
export interface CallOptions {
  /**
   * How long a call may stand still, in milliseconds; 60,000 if not given. Each chunk of a stream that
   * is sent starts the time anew. For another body, one second is added for each 64,000 bytes.
   * `Infinity` waits for ever. For an end at a fixed time, use `signal: AbortSignal.timeout(…)`.
   */
  timeout?: number | undefined;
  /** How often a request that was certainly not processed is sent again; 2 if not given, at most 10. */
  retries?: number | undefined;
  /** Ends the call, also while it waits for the next attempt. The call rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
  /**
   * Largest answer that is read whole, in bytes; 64 MiB if not given. Of what is larger, the rest is not read,
   * and the call fails with the code `response_too_large`. Streams have no limit; `Infinity` turns it off.
   */
  maxResponseBytes?: number | undefined;
  /** Headers to send in addition. They win over those that the client would send. */
  headers?: HeadersInput | undefined;
}

export interface TallyOptions extends CallOptions {
  /** Where the server is, for instance `http://localhost:8000`. It may have a path. */
  baseUrl: string | URL;
  /** An access token that was obtained elsewhere; `login` and `authenticate` replace it. */
  token?: string | undefined;
  /** Where tokens are kept, in place of memory; it says itself who is signed in at the start, so no `token` with it. */
  tokenStore?: TokenStore | undefined;
  /** Stands in for the `fetch` of the runtime. */
  fetch?: typeof globalThis.fetch | undefined;
}

export type HeadersInput = Headers | Record<string, string> | [string, string][];

/** Options, checked and complete. */
export interface Settings {
  /** Without a slash at its end. */
  readonly baseUrl: string;
  readonly fetch: typeof globalThis.fetch;
  /** Whether that stands in for the one of the runtime. */
  readonly isOwnFetch: boolean;
  readonly session: Session;
  readonly timeout: number;
  readonly retries: number;
  readonly signal: AbortSignal | undefined;
  readonly headers: Headers;
  readonly maxResponseBytes: number;
}

const DEFAULT_TIMEOUT = 60_000;
const DEFAULT_RETRIES = 2;
const MOST_RETRIES = 10;
const DEFAULT_MAX_RESPONSE_BYTES = 64 * 1024 * 1024;

export function firstSettings(given: TallyOptions): Settings {
  const { baseUrl, fetch, token, tokenStore, ...options } = given;
  if (token !== undefined) checkToken(token);
  if (token !== undefined && tokenStore)
    throw new TypeError('Give a token or a tokenStore, not both');
  const store = tokenStore ?? createMemoryStore(token);
  const { timeout = DEFAULT_TIMEOUT } = options;
  const exchange = (refreshToken: string) => refreshSession(settings, refreshToken);
  const defaults: Settings = {
    baseUrl: parseBaseUrl(baseUrl),
    // Looked up at each call: a program may replace it.
    fetch: fetch ?? ((...args) => globalThis.fetch(...args)),
    isOwnFetch: fetch !== undefined,
    session: new Session(store, exchange, timeout),
    timeout: DEFAULT_TIMEOUT,
    retries: DEFAULT_RETRIES,
    signal: undefined,
    headers: new Headers(),
    maxResponseBytes: DEFAULT_MAX_RESPONSE_BYTES,
  };
  const settings = narrowSettings(defaults, options);
  return settings;
}

/** The same settings, but for what the options say. */
export function narrowSettings(settings: Settings, options: CallOptions): Settings {
  const { timeout = settings.timeout, retries = settings.retries } = options;
  const { maxResponseBytes = settings.maxResponseBytes } = options;
  if (!(typeof timeout === 'number' && timeout > 0)) {
    throw new RangeError('timeout must be a number of milliseconds above 0');
  }
  if (!(Number.isInteger(retries) && retries >= 0 && retries <= MOST_RETRIES)) {
    throw new RangeError(`retries must be a whole number from 0 to ${MOST_RETRIES}`);
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
      throw new TypeError(`The header ${JSON.stringify(name)} cannot be sent`);
    }
  }
  return merged;
}
