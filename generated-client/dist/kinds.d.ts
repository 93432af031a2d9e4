/** Returns the tag in `[object Tag]`. Unlike `instanceof`, it recognises objects of other realms. */
export declare function tagOf(value: unknown): string;
export declare function isBytes(value: unknown): value is Uint8Array | ArrayBuffer;
/** A `Blob` or `File`. Spelled out, because the types of Node and of browsers are not each other's. */
export interface BlobLike {
    readonly size: number;
    readonly type: string;
    arrayBuffer(): Promise<ArrayBuffer>;
    stream(): WebStream;
}
export declare function isBlob(value: unknown): value is Blob;
/** A `ReadableStream` of bytes, spelled out for the same reason. */
interface WebStream {
    readonly locked: boolean;
    getReader(): StreamReader;
}
export interface StreamReader {
    read(): Promise<{
        done?: boolean | undefined;
        value?: Uint8Array | undefined;
    }>;
    cancel(reason?: unknown): Promise<unknown>;
}
/** Bytes that come in pieces: a web stream, a stream of Node, or an async iterable. */
export type ByteStream = WebStream | AsyncIterable<Uint8Array>;
export declare function isWebStream(value: unknown): value is ReadableStream<Uint8Array>;
export declare function isStream(value: unknown): value is ByteStream;
/** Tells whether a value is a JSON object: neither null nor an array. */
export declare function isObject(value: unknown): value is Record<string, unknown>;
export {};
