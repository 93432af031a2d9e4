import { type Format } from '../generated/engine/format.js';
import type { DocumentOptions } from '../generated/engine/index.js';
import { type EngineLimits } from '../generated/engine/limits.js';
import type { SumDetail } from '../sum.js';
export type { EngineLimits, Format };
export interface LocalSumOptions<Include extends readonly SumDetail[] = readonly SumDetail[]> {
    /** The members of the answer besides its digest. */
    include?: Include | undefined;
    /** Paths of objects that are used as maps: `$.users` makes one path `$.users[*]` of all its members. Needs `paths`. */
    collapse?: readonly string[] | undefined;
    /** A secret key of 16 to 64 bytes, as bytes or as base64url without padding: the digests are HMACs then. */
    key?: Uint8Array | string | undefined;
    /** `json` (the default) for one document, `lines` for JSON Lines, `sequence` for RFC 7464. */
    format?: Format | undefined;
    /** Replaces limits beyond which a document is refused; the default ones are those of a server. */
    limits?: Partial<EngineLimits> | undefined;
    /** Ends the call, which then rejects with the signal's reason. */
    signal?: AbortSignal | undefined;
    /** Listens to the number of bytes that have been read, several times a second, and once all are. */
    onProgress?: ((bytes: number) => void) | undefined;
}
/** Options, checked and complete. */
export interface LocalRequest {
    readonly include: ReadonlySet<SumDetail>;
    readonly document: DocumentOptions;
    readonly key: Uint8Array | undefined;
    readonly limits: EngineLimits;
    readonly signal: AbortSignal | undefined;
    readonly onProgress: ((bytes: number) => void) | undefined;
}
/** @throws {TypeError | RangeError} that says which option is wrong and what is right. */
export declare function checkOptions(options: LocalSumOptions): LocalRequest;
