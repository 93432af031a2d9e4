import { encodeWtf8 } from '../generated/engine/wtf8.js';
import { isBlob, isStream, tagOf } from '../kinds.js';

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
  /** Returns the next piece, undefined after the last one. */
  next(): Promise<Uint8Array | undefined> | Uint8Array | undefined;
  /** Abandons the rest. */
  cancel(reason: unknown): void;
}

/** Length of the pieces of a string, in UTF-16 code units. */
const TEXT_PIECE = 64 * 1024;
/** Length of the pieces of a blob, in bytes. */
const BLOB_PIECE = 2 * 1024 ** 2;

/** @throws {TypeError} if no bytes can be read from the value. */
export function openSource(value: LocalSource): Source {
  if (typeof value === 'string') return readText(value);
  const bytes = bytesOf(value);
  if (bytes) return readOnce(bytes);
  if (isBlob(value)) return readBlob(value);
  if (isStream(value)) return readStream(value);
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

function readOnce(bytes: Uint8Array): Source {
  let rest: Uint8Array | undefined = bytes;
  return {
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
 * refuses it where it stands; replacing it would make one name of two.
 */
function readText(text: string): Source {
  let from = 0;
  return {
    next() {
      if (from >= text.length) return undefined;
      let end = Math.min(from + TEXT_PIECE, text.length);
      const isHighHalf = (text.charCodeAt(end - 1) & 0xfc00) === 0xd800;
      if (isHighHalf && end < text.length) end++;
      const piece = encodeWtf8(text.slice(from, end));
      from = end;
      return piece;
    },
    cancel: () => undefined,
  };
}

/** Reads a piece ahead. */
function readBlob(blob: Blob): Source {
  let from = 0;
  const read = async () => {
    if (from >= blob.size) return undefined;
    const piece = blob.slice(from, from + BLOB_PIECE);
    from += BLOB_PIECE;
    return new Uint8Array(await piece.arrayBuffer());
  };
  return { next: readAhead(read), cancel: () => undefined };
}

/** Starts to read a piece as soon as the one before it has arrived. */
function readAhead(
  read: () => Promise<Uint8Array | undefined>,
): () => Promise<Uint8Array | undefined> {
  let coming: Promise<Uint8Array | undefined> | undefined;
  return () => {
    const piece = coming ?? read();
    coming = piece.then((bytes) => bytes && read());
    // Whoever asks for that piece gets its error.
    coming.catch(() => undefined);
    return piece;
  };
}

function readStream(stream: ReadableStream<Uint8Array>): Source {
  if (stream.locked) throw new TypeError('The stream is locked: something else reads it already.');
  const reader = stream.getReader();
  return {
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
