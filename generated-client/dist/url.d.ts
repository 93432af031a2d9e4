import type { Operation } from './operation.js';
/** Returns the address of the API without a trailing slash. In a page it may be relative. */
export declare function parseBaseUrl(baseUrl: string | URL): string;
/** Returns the scheme and host of an address, or undefined if it has none. */
export declare function originOf(address: string, base: string): string | undefined;
export declare function buildUrl(base: string, { url, path, query }: Operation<unknown>): string;
