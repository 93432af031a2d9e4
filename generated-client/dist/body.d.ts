import { type BlobLike, type ByteStream } from './kinds.js';
import { RawJson } from './raw-json.js';
import { type Body, type BodyInit } from './stream-body.js';
/** A body that is sent as it is, byte for byte. */
export type RawBody = RawJson | Uint8Array | ArrayBuffer | BlobLike | ByteStream;
export declare function isRawBody(value: unknown): value is RawBody;
/** Makes the body of a request. Anything but a raw body is sent as JSON. */
export declare function createBody(value: unknown): Body;
export declare function createFixedBody(init: BodyInit | undefined, size: number): Body;
