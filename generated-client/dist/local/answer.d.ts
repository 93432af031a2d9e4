import type { Total } from '../generated/engine/index.js';
import type { SumDetails } from '../generated/models/SumDetails.js';
import type { LocalRequest } from './options.js';
/** Returns the members that were asked for, in the order of the server's answer. */
export declare function answerOf(total: Total, request: LocalRequest): Promise<SumDetails>;
