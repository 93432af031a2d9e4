import { ConnectionError } from './errors.js';
/** Makes the error of an attempt that got no complete answer. */
export declare function toConnectionError(url: string, cause: unknown): ConnectionError;
export declare function isRefusal(error: unknown): boolean;
