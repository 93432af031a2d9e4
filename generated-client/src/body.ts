import { type BlobLike, type ByteStream, isBlob, isBytes, isStream } from './kinds.js';
import { RawJson } from './raw-json.js';
import { type Body, type BodyInit, createStreamBody } from './stream-body.js';

/** A body that is sent as it is, byte for byte. */
export type RawBody = RawJson | Uint8Array | ArrayBuffer | BlobLike | ByteStream;

export function isRawBody(value: unknown): value is RawBody {
  return value instanceof RawJson || isBytes(value) || isBlob(value) || isStream(value);
}

/** Makes the body of a request. Anything but a raw body is sent as JSON. */
export function createBody(value: unknown): Body {
  if (value === undefined) return createFixedBody(undefined, 0);
  if (value instanceof RawJson) return createTextBody(value.toString());
  if (isBytes(value)) return createFixedBody(value as BodyInit, value.byteLength);
  if (isBlob(value)) return createFixedBody(value, value.size);
  if (isStream(value)) return createStreamBody(value);
  return createTextBody(JSON.stringify(value));
}

function createTextBody(text: string): Body {
  return createFixedBody(text, text.length);
}

export function createFixedBody(init: BodyInit | undefined, size: number): Body {
  return {
    size,
    isReplayable: true,
    open: () => init,
    close: () => undefined,
  };
}
