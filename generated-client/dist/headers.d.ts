export type HeadersInput = Headers | Record<string, string> | [string, string][];
/** Returns headers in which others replace those of the same name. */
export declare function mergeHeaders(base: Headers, input?: HeadersInput): Headers;
