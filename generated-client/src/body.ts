import { isBlob, isBytes, isStream } from './kinds.js';
import { RawJson } from './raw-json.js';
import {
  type Body,
  type BodyInit,
  createStreamBody,
  type StreamBodyOptions,
} from './stream-body.js';

/** A body that is sent as it is, byte for byte. */
export type RawBody = RawJson | Uint8Array | ArrayBuffer | Blob | ReadableStream<Uint8Array>;

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

/** Makes a body of a blob. With a listener, each attempt sends a new stream: only streams report their progress. */
export function createBlobBody(
  blob: Blob,
  { mediaType, onProgress }: Pick<StreamBodyOptions, 'mediaType' | 'onProgress'>,
): Body {
  if (!onProgress) return createFixedBody(blob, blob.size, mediaType);
  let attempt: Body | undefined;
  return {
    size: undefined,
    isReplayable: true,
    mediaType,
    get failure() {
      return attempt?.failure;
    },
    open(touch) {
      attempt = createStreamBody(blob.stream(), { total: blob.size, mediaType, onProgress });
      return attempt.open(touch);
    },
    close: () => attempt?.close(),
  };
}

function createTextBody(text: string): Body {
  return createFixedBody(text, text.length);
}

function createFixedBody(init: BodyInit | undefined, size: number, mediaType?: string): Body {
  return {
    size,
    isReplayable: true,
    mediaType,
    open: () => init,
    failure: undefined,
    close: () => undefined,
  };
}
