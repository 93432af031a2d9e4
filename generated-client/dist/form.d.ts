import { type ByteStream } from './kinds.js';
import { type Body, type ProgressListener } from './stream-body.js';
/**
 * Makes a form of text fields and one file (RFC 7578), the file last. It can be sent again unless the file is a
 * stream. The name of the file is not sent, because the server does not use it. Undefined fields are left out.
 */
export declare function createForm({ image: file, ...fields }: Record<string, unknown> & {
    image: Blob | ByteStream;
}, onProgress: ProgressListener | undefined): Body;
