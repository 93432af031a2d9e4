import type { CallResponse } from './call.js';
import type { Operation } from './operation.js';
import type { Settings } from './options.js';
import type { Repetition } from './retry.js';
import type { Body } from './stream-body.js';
import { type Watch } from './watch.js';
/** Replaces parts of the transport. Only the resources that need them are bundled with them. */
export interface TransportOptions {
    /** Checks the content of a successful answer. */
    accepts?: (content: unknown) => boolean;
    /** Replaces the body of the operation. */
    body?: Body;
    /** Makes the `fetch` of an attempt, which calls `touch` at each progress. */
    createFetch?: (touch: () => void, settings: Settings) => typeof globalThis.fetch;
    /** Reads a file in another way than as a blob. */
    openFile?: (response: Response, watch: Watch, toError: (error: unknown) => unknown) => Omit<Answer, 'response'>;
}
/** The part of a request that all of its attempts share. */
export interface Request {
    url: string;
    method: string;
    headers: Headers;
    body: Body;
    operation: Operation<unknown>;
    repetition: Repetition;
    signal: AbortSignal;
    progress: {
        attempts: number;
        /** True if the server may have processed an earlier attempt. */
        mayBeProcessed: boolean;
    };
}
export interface Answer {
    value: unknown;
    response: CallResponse;
    /** Fulfilled after the last byte. */
    ended: Promise<void>;
}
/**
 * Sends a request once, and reads the answer.
 *
 * @throws {TallyError} and, as they are, the reason of the signal and errors of the body's source and listener.
 */
export declare function sendAttempt(request: Request, settings: Settings, options: TransportOptions): Promise<Answer>;
