import { type ByteStream } from './kinds.js';
export type BodyInit = NonNullable<RequestInit['body']>;
/** The body of a request. `open` is called once for each attempt, `close` when that attempt is over. */
export interface Body {
    /** Bytes or, for text, characters, which is close enough; undefined for a stream. */
    readonly size: number | undefined;
    /** True if it can be sent again. */
    readonly isReplayable: boolean;
    /** Replaces the media type of the operation: that of a form names the boundary. */
    readonly mediaType?: string | undefined;
    /** `touch` is called for each chunk that is read from a stream. */
    open(touch: () => void): BodyInit | undefined;
    /** The error that the stream threw, if it did. */
    readonly failure?: {
        reason: unknown;
    } | undefined;
    close(): void;
}
/** The part of a request's body that the connection has accepted so far, in bytes. */
export interface UploadProgress {
    loaded: number;
    /** Undefined where the file is a stream. */
    total: number | undefined;
}
export type ProgressListener = (progress: UploadProgress) => void;
export interface StreamBodyOptions {
    /** Text to send before and after the stream. */
    before?: string;
    after?: string;
    /** Size of the whole body, in bytes. */
    total?: number;
    mediaType?: string | undefined;
    onProgress?: ProgressListener | undefined;
}
/**
 * Makes a body of a stream. It can be sent only once: some runtimes read from it before they are connected.
 * The rest of the stream is cancelled when the call is over.
 */
export declare function createStreamBody(source: ByteStream, options?: StreamBodyOptions): Body;
