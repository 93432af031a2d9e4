import { ApiError } from './errors.js';
type AnswerHead = Pick<Response, 'status' | 'statusText' | 'headers'>;
/** Returns the fields that all errors of an answer have. */
export declare function commonFields({ status, statusText, headers }: AnswerHead): {
    status: number;
    title: string;
    requestId: string | undefined;
    retryAfter: number | undefined;
    headers: Headers;
};
/** A 304, which is the answer to the caller's own `If-None-Match`. */
export declare function notModified(response: Response): ApiError;
/** An answer of a proxy or of another server at this address, or an incomplete one. */
export declare function unexpected(response: Response): ApiError;
/** Browsers hide the status and the address of a redirect. A custom `fetch` may have followed it. */
export declare function isRedirect({ type, redirected, status }: Response): boolean;
/** A redirect. The message names only the origin, because the rest of the address may repeat what was sent. */
export declare function redirected(response: Response): ApiError;
/** An answer that is larger than the limit; its rest is not read. */
export declare function tooLarge(response: Response, maxResponseBytes: number): ApiError;
export declare function mediaTypeOf({ headers }: Response): string;
export {};
