import { type Call, type WithResponse } from './call.js';
import type { Operation } from './operation.js';
import type { CallOptions } from './options.js';
import { type Page, type PageCall } from './pages.js';
import type { TransportOptions } from './transport.js';
export type { Call, CallOptions, PageCall };
export interface IdempotentOptions extends CallOptions {
    /**
     * Any text that you use for this request alone, such as a random UUID. With it, you can repeat the call itself: it takes
     * effect once. Without it, each call gets a key of its own for its attempts.
     */
    idempotencyKey?: string | undefined;
}
export interface ConditionalOptions extends CallOptions {
    /** The entity tag of the version that may be updated; `*` for any. */
    ifMatch?: string | undefined;
}
/** Sends the requests of resources. */
interface Sender {
    send<Result>(operation: Operation<Result>, options?: CallOptions, parts?: TransportOptions): Promise<WithResponse<Result>>;
}
/** The base of resources, whose methods are the operations below one path. */
export declare abstract class Resource {
    #private;
    /** @param client a `Tally` or `TallyCore` */
    constructor(client: Sender);
    protected send<Result>(operation: Operation<Result>, { idempotencyKey, ifMatch, ...options }?: IdempotentOptions & ConditionalOptions, parts?: TransportOptions): Promise<WithResponse<Result>>;
    protected call<Result>(operation: Operation<Result>, options?: IdempotentOptions & ConditionalOptions, parts?: TransportOptions): Call<Result>;
    protected pages<Result extends Page<Entry>, Entry>(operation: Operation<Result>, query: {
        page?: number;
    }, options?: CallOptions): PageCall<Result, Entry>;
}
/** An entity that can be updated unless somebody else has done so meanwhile. */
interface Versioned {
    id: string;
    etag: string;
}
export declare function idOf(given: Versioned | string): string;
/** Adds the version that may be updated: that of an entity, or any version of an id. */
export declare function guard(given: Versioned | string, options?: ConditionalOptions): ConditionalOptions;
