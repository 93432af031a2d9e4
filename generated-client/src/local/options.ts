import { FORMATS, type Format } from '../generated/engine/format.js';
import type { DocumentOptions } from '../generated/engine/index.js';
import { parsePath } from '../generated/engine/json-path.js';
import { DEFAULT_LIMITS, type EngineLimits } from '../generated/engine/limits.js';
import { tagOf } from '../kinds.js';
import type { SumDetail } from '../sum.js';
import { decodeBase64 } from './base64.js';

export type { EngineLimits, Format };

const DETAILS = ['sum', 'count', 'paths'];

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

const OPTIONS = ['include', 'collapse', 'key', 'format', 'limits', 'signal', 'onProgress'];

/** @throws {TypeError | RangeError} that says which option is wrong and what is right. */
export function checkOptions(options: LocalSumOptions): LocalRequest {
  if (typeof options !== 'object' || options === null) {
    throw new TypeError('The options must be an object, such as { include: ["sum"] }.');
  }
  for (const name of Object.keys(options)) checkOneOf('option', name, OPTIONS);
  const { include = [], collapse = [], format = 'json', key, signal, onProgress } = options;
  checkList('include', include);
  for (const detail of include) checkOneOf('detail in include', detail, DETAILS);
  if (new Set(include).size < include.length) {
    throw new TypeError('include must name each detail at most once.');
  }
  checkOneOf('format', format, FORMATS);
  checkCollapse(collapse, include);
  if (signal !== undefined && tagOf(signal) !== 'AbortSignal') {
    throw new TypeError('signal must be an AbortSignal.');
  }
  if (onProgress !== undefined && typeof onProgress !== 'function') {
    throw new TypeError('onProgress must be a function.');
  }
  return {
    include: new Set(include),
    document: { format, ...(include.includes('paths') && { paths: { collapse: [...collapse] } }) },
    key: key === undefined ? undefined : checkKey(key),
    limits: checkLimits(options.limits),
    signal,
    onProgress,
  };
}

function checkOneOf(what: string, value: unknown, known: readonly string[]): void {
  if (known.includes(value as string)) return;
  throw new TypeError(`There is no ${what} ${JSON.stringify(value)}; use ${known.join(', ')}.`);
}

function checkList(name: string, value: unknown): void {
  if (Array.isArray(value) && value.every((entry) => typeof entry === 'string')) return;
  throw new TypeError(`${name} must be an array of strings.`);
}

function checkCollapse(collapse: readonly string[], include: readonly SumDetail[]): void {
  checkList('collapse', collapse);
  if (collapse.length > 0 && !include.includes('paths')) {
    throw new TypeError('collapse needs include: ["paths"], because it changes only the paths.');
  }
  for (const path of collapse) {
    try {
      parsePath(path);
    } catch (error) {
      throw new TypeError(`collapse: ${(error as Error).message}.`);
    }
  }
}

/** The message of a wrong key never holds the key. */
function checkKey(key: unknown): Uint8Array {
  const bytes = typeof key === 'string' ? decodeKey(key) : key;
  if (tagOf(bytes) !== 'Uint8Array') {
    throw new TypeError('key must be a Uint8Array, or a string of base64url.');
  }
  const { length } = bytes as Uint8Array;
  if (length < 16 || length > 64) {
    throw new RangeError(`key must have 16 to 64 bytes; it has ${length}.`);
  }
  return new Uint8Array(bytes as Uint8Array);
}

/** Base64url without padding, RFC 4648 section 5; the bits behind the last byte are zero. */
const BASE64URL = /^(?:[\w-]{4})*(?:[\w-][AQgw]|[\w-]{2}[AEIMQUYcgkosw048])?$/;

function decodeKey(key: string): Uint8Array {
  if (BASE64URL.test(key)) return decodeBase64(key.replaceAll('-', '+').replaceAll('_', '/'));
  throw new TypeError('key must be base64url without padding (RFC 4648 section 5).');
}

/** Smallest and largest values that the engine has numbers for. */
const RANGES: Record<keyof EngineLimits, [number, number]> = {
  maxDepth: [1, 1e8],
  maxDigits: [1, 1e6],
  maxExponent: [0, 1e6],
  maxPaths: [1, 1e6],
  maxPathBytes: [1, 1024 ** 3],
  maxBytes: [1, Number.POSITIVE_INFINITY],
  maxMemory: [1, Number.POSITIVE_INFINITY],
};

function checkLimits(given: Partial<EngineLimits> | undefined): EngineLimits {
  if (given === undefined) return DEFAULT_LIMITS;
  const limits = { ...DEFAULT_LIMITS };
  for (const [name, value] of Object.entries(given)) {
    checkOneOf('limit', name, Object.keys(RANGES));
    if (value === undefined) continue;
    const [least, most] = RANGES[name as keyof EngineLimits];
    const isWhole = Number.isInteger(value) || value === Number.POSITIVE_INFINITY;
    if (!isWhole || value < least || value > most) {
      throw new RangeError(`limits.${name} must be a whole number from ${least} to ${most}.`);
    }
    limits[name as keyof EngineLimits] = value;
  }
  return limits;
}
