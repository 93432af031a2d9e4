import { encodeWtf8 } from '../generated/engine/wtf8.js';
import { isBlob, isWebStream, tagOf } from '../kinds.js';

/** Anything that `sum` reads a document from. A string is JSON text, a view the bytes that it shows. */
export type LocalSource =
  | string
  | ArrayBufferView
  | ArrayBufferLike
  | Blob
  | ReadableStream<Uint8Array>
  | AsyncIterable<Uint8Array>
  | Iterable<Uint8Array>;

/** A document's bytes, in pieces of any size. */
export interface Source {
  /** Number of bytes, or of characters, which is close enough; NaN if that is not known. */
  readonly size: number;
  /** The blob, if the source is one. */
  readonly blob?: Blob;
  /** Returns the next piece, undefined after the last one. A piece may change with the next call. */
  next(): Promise<Uint8Array | undefined> | Uint8Array | undefined;
  /** Abandons the rest. */
  cancel(reason: unknown): void;
}

/** Length of the pieces of a string, in UTF-16 code units, which UTF-8 spells with at most 3 bytes each. */
const TEXT_PIECE = 256 * 1024;

/** @throws {TypeError} if no bytes can be read from the value. */
export function openSource(value: LocalSource): Source {
  if (typeof value === 'string') return readText(value);
  const bytes = bytesOf(value);
  if (bytes) return readBytes(bytes);
  if (isBlob(value)) return readBlob(value);
  if (isWebStream(value)) return readStream(value);
  const iterator = iteratorOf(value);
  if (iterator) return readIterator(iterator);
  throw new TypeError(
    `sum() reads JSON text, bytes, a Blob, a stream or an iterable of Uint8Array. It got ${kindOf(value)}.`,
  );
}

/** Returns all bytes of a buffer or view; a detached one throws, because it would pass for an empty document. */
function bytesOf(value: unknown): Uint8Array | undefined {
  if (ArrayBuffer.isView(value)) {
    return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  }
  const isBuffer = /^(Shared)?ArrayBuffer$/.test(tagOf(value));
  return isBuffer ? new Uint8Array(value as ArrayBufferLike) : undefined;
}

function readBytes(bytes: Uint8Array): Source {
  let rest: Uint8Array | undefined = bytes;
  return {
    size: bytes.length,
    next() {
      const piece = rest;
      rest = undefined;
      return piece;
    },
    cancel: () => undefined,
  };
}

/**
 * Encodes piece by piece. Half of a surrogate pair becomes the three bytes that UTF-8 forbids for it, so that the engine
 * refuses it where it stands; a replacement character could make one name of two.
 */
function readText(text: string): Source {
  const encoder = new TextEncoder();
  const buffer = new Uint8Array(3 * Math.min(TEXT_PIECE + 1, text.length));
  let from = 0;
  return {
    size: text.length,
    next() {
      if (from >= text.length) return undefined;
      let end = Math.min(from + TEXT_PIECE, text.length);
      const endsInPair = (text.charCodeAt(end - 1) & 0xfc00) === 0xd800;
      if (endsInPair && end < text.length) end++;
      const piece = text.slice(from, end);
      from = end;
      if (!isWellFormed(piece)) return encodeWtf8(piece);
      return buffer.subarray(0, encoder.encodeInto(piece, buffer).written);
    },
    cancel: () => undefined,
  };
}

/** The method is younger than the library that the types are of, and older than what the engine needs. */
function isWellFormed(text: string): boolean {
  return (text as unknown as { isWellFormed(): boolean }).isWellFormed();
}

/** Streams a blob: browsers read slices of one more slowly. A worker reads the blob itself, so it is opened late. */
export function readBlob(blob: Blob): Source {
  let stream: Source | undefined;
  let bytes = 0;
  return {
    size: blob.size,
    blob,
    async next() {
      stream ??= readStream(blob.stream());
      const piece = await stream.next();
      bytes += piece?.length ?? 0;
      if (piece || bytes === blob.size) return piece;
      throw new TypeError(`The runtime read ${bytes} bytes of a blob that has ${blob.size}.`);
    },
    cancel: (reason) => stream?.cancel(reason),
  };
}

function readStream(stream: ReadableStream<Uint8Array>): Source {
  if (stream.locked) throw new TypeError('The stream is locked: something else reads it already.');
  const reader = stream.getReader();
  return {
    size: Number.NaN,
    next: async () => checkPiece(await reader.read()),
    // The call is over, so a failure to cancel does not matter.
    cancel: (reason) => void reader.cancel(reason).catch(() => undefined),
  };
}

type Pieces = Iterator<Uint8Array> | AsyncIterator<Uint8Array>;

function iteratorOf(value: unknown): Pieces | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const iterable = value as Partial<AsyncIterable<Uint8Array> & Iterable<Uint8Array>>;
  return iterable[Symbol.asyncIterator]?.() ?? iterable[Symbol.iterator]?.();
}

function readIterator(iterator: Pieces): Source {
  return {
    size: Number.NaN,
    next: async () => checkPiece(await iterator.next()),
    cancel: () => void (async () => iterator.return?.())().catch(() => undefined),
  };
}

function checkPiece({ done, value }: { done?: boolean | undefined; value?: unknown }) {
  if (done) return undefined;
  if (tagOf(value) === 'Uint8Array') return value as Uint8Array;
  throw new TypeError(
    `The source has a piece that is not a Uint8Array but ${kindOf(value)}. To sum a JavaScript value, pass its JSON text.`,
  );
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  return `a value of type ${tagOf(value)}`;
}
