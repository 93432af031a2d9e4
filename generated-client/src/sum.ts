import { isRawBody, type RawBody } from './body.js';
import type { SumDetails } from './generated/models/SumDetails.js';
import { sumDocument } from './generated/operations/sum.js';
import { toJson } from './json.js';
import { tagOf } from './kinds.js';
import type { Operation } from './operation.js';
import type { CallOptions } from './options.js';
import { rawJson } from './raw-json.js';

/**
 * A document to sum: any JSON value, which may hold bigints, or JSON that is sent as it is, byte for byte.
 * A string is a JSON string; `rawJson` marks text that is JSON.
 */
export type SumDocument = RawBody | JsonObject | string | number | bigint | boolean | null;

/** An array, an object of any class, or a literal one. */
type JsonObject = (object & PlainObject) | (PlainObject & { readonly [name: string]: unknown });

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

const MEDIA_TYPES = {
  json: 'application/json',
  lines: 'application/x-ndjson',
  sequence: 'application/json-seq',
};

export interface SumDetailsOptions<Include extends readonly SumDetail[] = readonly SumDetail[]>
  extends CallOptions {
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
export type SumDetailsOf<Include extends readonly SumDetail[]> = number extends Include['length']
  ? SumDetails
  : SumDetails & Required<Pick<SumDetails, Include[number]>>;

/** Returns what is sent for a document: JSON of a value, or what is sent as it is. */
export function toRequestBody(document: SumDocument): RawBody {
  return isRawBody(document) ? document : rawJson(toJson(document));
}

/** Makes the request of `Tally.sumDetails`. */
export function createSumRequest<Result>(
  document: SumDocument,
  { include, collapse, key, format = 'json' }: SumDetailsOptions,
): Operation<Result> {
  if (!Object.hasOwn(MEDIA_TYPES, format)) {
    throw new TypeError(`format must be one of ${Object.keys(MEDIA_TYPES).join(', ')}`);
  }
  for (const [name, list] of Object.entries({ include, collapse })) {
    if (list !== undefined && !Array.isArray(list)) {
      throw new TypeError(`${name} must be an array of strings`);
    }
  }
  if (format !== 'json' && !isRawBody(document)) {
    throw new TypeError(`With the format ${format}, give bytes, a Blob, a stream or rawJson(text)`);
  }
  return {
    ...(sumDocument(toRequestBody(document)) as Operation<unknown> as Operation<Result>),
    query: { include: include?.length ? include.join(',') : undefined, collapse },
    headers: { 'Sum-Key': key === undefined ? undefined : spellKey(key) },
    mediaType: MEDIA_TYPES[format],
  };
}

/** Checks a key here, because the error of a header that is not valid would quote it. */
function spellKey(key: Uint8Array | string): string {
  if (typeof key !== 'string' && tagOf(key) !== 'Uint8Array') {
    throw new TypeError('key must be a Uint8Array, or a string of base64url');
  }
  // One byte too many is enough to see that there are too many.
  const text = typeof key === 'string' ? key : toBase64Url(key.subarray(0, 65));
  if (/^[\w-]{22,86}$/.test(text)) return text;
  throw new TypeError('key must be 16 to 64 bytes, or their base64url without padding');
}

function toBase64Url(bytes: Uint8Array): string {
  const base64 = btoa(String.fromCharCode(...bytes));
  return base64.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}
