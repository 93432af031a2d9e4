/** Returns the tag in `[object Tag]`. Unlike `instanceof`, it recognises objects of other realms. */
export function tagOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice(8, -1);
}

export function isBytes(value: unknown): value is Uint8Array | ArrayBuffer {
  return tagOf(value) === 'Uint8Array' || tagOf(value) === 'ArrayBuffer';
}

/** A `Blob` or `File`. Spelled out, because the types of Node and of browsers are not each other's. */
export interface BlobLike {
  readonly size: number;
  readonly type: string;
  arrayBuffer(): Promise<ArrayBuffer>;
  stream(): WebStream;
}

export function isBlob(value: unknown): value is Blob {
  return tagOf(value) === 'Blob' || tagOf(value) === 'File';
}

/** A `ReadableStream` of bytes, spelled out for the same reason. */
interface WebStream {
  readonly locked: boolean;
  getReader(): StreamReader;
}

export interface StreamReader {
  read(): Promise<{ done?: boolean | undefined; value?: Uint8Array | undefined }>;
  cancel(reason?: unknown): Promise<unknown>;
}

/** Bytes that come in pieces: a web stream, a stream of Node, or an async iterable. */
export type ByteStream = WebStream | AsyncIterable<Uint8Array>;

export function isWebStream(value: unknown): value is ReadableStream<Uint8Array> {
  return tagOf(value) === 'ReadableStream';
}

export function isStream(value: unknown): value is ByteStream {
  const isIterable = typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
  return isIterable || isWebStream(value);
}

/** Tells whether a value is a JSON object: neither null nor an array. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
