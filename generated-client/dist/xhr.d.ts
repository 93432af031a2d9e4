import type { ProgressListener } from './stream-body.js';
/** True in browsers, where only XMLHttpRequest reports the progress of an upload. */
export declare const hasXhr: boolean;
/** Makes a `fetch` that reports the progress of an upload. Unlike other requests, it sends cookies to the page's own origin. */
export declare function createXhrFetch(onProgress: ProgressListener, maxResponseBytes: number): typeof globalThis.fetch;
