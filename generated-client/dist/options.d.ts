import { type HeadersInput } from './headers.js';
import type { Hooks } from './hooks.js';
import { TokenHolder } from './token-holder.js';
import { type TokenStore } from './token-store.js';
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
/** Makes the holder of a client's tokens. It may use the settings later, not at once. */
export type CreateHolder = (store: TokenStore, settings: () => Settings, timeout: number) => TokenHolder;
/** Makes the settings of a new client. */
export declare function createSettings({ baseUrl, fetch, token, tokenStore, onRequest, onResponse, ...options }: TallyOptions, createHolder?: CreateHolder): Settings;
/** Returns the settings with those that the options replace. */
export declare function overrideSettings(settings: Settings, options: CallOptions): Settings;
