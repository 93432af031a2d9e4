import { type TransportOptions } from './attempt.js';
import type { WithResponse } from './call.js';
import type { Operation } from './operation.js';
import type { Settings } from './options.js';
export type { TransportOptions } from './attempt.js';
/** Sends the request of an operation. */
export declare class Transport {
    #private;
    constructor(settings: Settings, options?: TransportOptions);
    /** Returns the content of the answer with its status and headers. */
    send<Result>(operation: Operation<Result>): Promise<WithResponse<Result>>;
}
