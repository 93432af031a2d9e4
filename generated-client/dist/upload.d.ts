import { createForm } from './form.js';
import type { ProgressListener } from './stream-body.js';
import type { TransportOptions } from './transport.js';
/** Makes the body of a form with a file, and the `fetch` that reports its progress. */
export declare function createUpload(fields: Parameters<typeof createForm>[0], onProgress: ProgressListener | undefined): TransportOptions;
