import { type RawBody } from './body.js';
import type { SumDetails } from './generated/models/SumDetails.js';
import type { Operation } from './operation.js';
import type { CallOptions } from './options.js';
/**
 * A document to sum: any JSON value, which may hold bigints, or JSON that is sent as it is, byte for byte.
 * A string is a JSON string; `rawJson` marks text that is JSON.
 */
export type SumDocument = RawBody | JsonObject | string | number | bigint | boolean | null;
/** An array, an object of any class, or a literal one. */
type JsonObject = (object & PlainObject) | (PlainObject & {
    readonly [name: string]: unknown;
});
/** Neither a function, a promise, which must be awaited, nor a stream of anything but bytes. */
interface PlainObject extends NoFunction {
    readonly then?: NoFunction | string | number | bigint | boolean | null | undefined;
    readonly getReader?: never;
    readonly [Symbol.asyncIterator]?: never;
}
interface NoFunction {
    readonly [Symbol.hasInstance]?: never;
}
/** A part of the answer that is given on request. */
export type SumDetail = 'sum' | 'count' | 'paths';
declare const MEDIA_TYPES: {
    json: string;
    lines: string;
    sequence: string;
};
export interface SumDetailsOptions<Include extends readonly SumDetail[] = readonly SumDetail[]> extends CallOptions {
    /** The members of the answer besides its digest. */
    include?: Include | undefined;
    /** Paths of objects that are used as maps, such as `$.users`: their members share one path. Needs `paths`. */
    collapse?: readonly string[] | undefined;
    /** A secret of 16 to 64 bytes, or their base64url without padding: with it the digests are `hmac_sha256`. */
    key?: Uint8Array | string | undefined;
    /** The layout of bytes or text: one JSON value (the default), JSON Lines, or a sequence of RFC 7464. */
    format?: keyof typeof MEDIA_TYPES | undefined;
}
/** The answer to a call that included these details; of a list that is only known at run time, each may be missing. */
export type SumDetailsOf<Include extends readonly SumDetail[]> = number extends Include['length'] ? SumDetails : SumDetails & Required<Pick<SumDetails, Include[number]>>;
/** Returns what is sent for a document: JSON of a value, or what is sent as it is. */
export declare function toRequestBody(document: SumDocument): RawBody;
/** Makes the request of `Tally.sumDetails`. */
export declare function createSumRequest<Result>(document: SumDocument, { include, collapse, key, format }: SumDetailsOptions): Operation<Result>;
export {};
