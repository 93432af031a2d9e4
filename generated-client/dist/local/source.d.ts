/** Anything that `sum` reads a document from. A string is JSON text, a view the bytes that it shows. */
export type LocalSource = string | ArrayBufferView | ArrayBufferLike | Blob | ReadableStream<Uint8Array> | AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
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
/** @throws {TypeError} if no bytes can be read from the value. */
export declare function openSource(value: LocalSource): Source;
/** Streams a blob: browsers read slices of one more slowly. A worker reads the blob itself, so it is opened late. */
export declare function readBlob(blob: Blob): Source;
