import { RawJson } from './raw-json.js';
import { tagOf } from './tag.js';
import { createUpload, type UploadOptions } from './upload.js';

type BodyInit = NonNullable<RequestInit['body']>;

/** A request's body. `open` is called once for each attempt, `close` when that attempt is over. */
export interface Body {
  /** Bytes or, near enough, characters. Of a stream it is not known. */
  readonly size: number | undefined;
  /** Whether it can be sent again. */
  readonly isReplayable: boolean;
  /** Stands in for the media type of the operation: it names the boundary of a form. */
  readonly mediaType: string | undefined;
  /** `touch` is called for each chunk that a stream gives away. */
  open(touch: () => void): BodyInit | undefined;
  /** What the stream threw, if it did. */
  readonly failure: { reason: unknown } | undefined;
  close(): void;
}

/** What is sent as it is, byte for byte. */
export type RawBody = RawJson | Uint8Array | ArrayBuffer | Blob | ReadableStream<Uint8Array>;

export function isRawBody(value: unknown): value is RawBody {
  return value instanceof RawJson || isBytes(value) || isBlob(value) || isStream(value);
}

/** Whatever is not a raw body is sent as JSON. */
export function createBody(value: unknown): Body {
  if (value === undefined) return fixed(undefined, 0);
  if (value instanceof RawJson) return createText(value.toString());
  if (isBytes(value)) return fixed(value as BodyInit, value.byteLength);
  if (isBlob(value)) return fixed(value, value.size);
  if (isStream(value)) return createUpload(value);
  return createText(JSON.stringify(value));
}

/** With a listener it is sent as a stream, a new one each time: nobody else tells how far it has come. */
export function createBlobBody(
  blob: Blob,
  { mediaType, onProgress }: Pick<UploadOptions, 'mediaType' | 'onProgress'>,
): Body {
  if (!onProgress) return fixed(blob, blob.size, mediaType);
  let upload: Body | undefined;
  return {
    size: undefined,
    isReplayable: true,
    mediaType,
    get failure() {
      return upload?.failure;
    },
    open(touch) {
      upload = createUpload(blob.stream(), { total: blob.size, mediaType, onProgress });
      return upload.open(touch);
    },
    close: () => upload?.close(),
  };
}

function createText(text: string): Body {
  return fixed(text, text.length);
}

function fixed(init: BodyInit | undefined, size: number, mediaType?: string): Body {
  return {
    size,
    isReplayable: true,
    mediaType,
    open: () => init,
    failure: undefined,
    close: () => undefined,
  };
}

export function isBytes(value: unknown): value is Uint8Array | ArrayBuffer {
  return tagOf(value) === 'Uint8Array' || tagOf(value) === 'ArrayBuffer';
}

export function isBlob(value: unknown): value is Blob {
  return tagOf(value) === 'Blob' || tagOf(value) === 'File';
}

export function isStream(value: unknown): value is ReadableStream<Uint8Array> {
  return tagOf(value) === 'ReadableStream';
}
