/** A request of the API, as the generated functions describe it. `Result` is the content of its answer. */
export interface Operation<Result> {
    readonly method: string;
    /** The path, with parameters in braces. */
    readonly url: string;
    readonly path?: Record<string, unknown>;
    readonly query?: object | undefined;
    readonly headers?: Record<string, string | undefined> | undefined;
    readonly body?: unknown;
    /** Fields of a form, which is sent instead of a body. */
    readonly formData?: Record<string, unknown>;
    /** Media type of the body; JSON by default. */
    readonly mediaType?: string;
    /** Needs no token. */
    readonly isOpen?: boolean;
    /** Takes effect once for each Idempotency-Key. */
    readonly isKeyed?: boolean;
    /** Answers without content. */
    readonly isEmpty?: boolean;
    /** Media types of the file that is the answer. */
    readonly fileTypes?: readonly string[];
    /** Exists in types only. */
    readonly result?: Result;
}
