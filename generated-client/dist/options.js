import { mergeHeaders } from './headers.js';
import { TokenHolder } from './token-holder.js';
import { checkToken, createMemoryStore } from './token-store.js';
import { parseBaseUrl } from './url.js';
const DEFAULT_TIMEOUT_MS = 60_000;
const DEFAULT_RETRIES = 2;
const MAX_RETRIES = 10;
const DEFAULT_MAX_RESPONSE_BYTES = 64 * 1024 * 1024;
/** Makes the settings of a new client. */
export function createSettings({ baseUrl, fetch, token, tokenStore, onRequest, onResponse, ...options }, createHolder = (store) => new TokenHolder(store)) {
    if (token !== undefined)
        checkToken(token);
    if (token !== undefined && tokenStore)
        throw new TypeError('Give a token or a tokenStore, not both');
    const store = tokenStore ?? createMemoryStore(token);
    const { timeout = DEFAULT_TIMEOUT_MS } = options;
    const defaults = {
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
export function overrideSettings(settings, options) {
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
