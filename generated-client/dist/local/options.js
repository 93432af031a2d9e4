import { FORMATS } from '../generated/engine/format.js';
import { parsePath } from '../generated/engine/json-path.js';
import { DEFAULT_LIMITS } from '../generated/engine/limits.js';
import { tagOf } from '../kinds.js';
import { decodeBase64 } from './base64.js';
const DETAILS = ['sum', 'count', 'paths'];
const OPTIONS = ['include', 'collapse', 'key', 'format', 'limits', 'signal', 'onProgress'];
/** @throws {TypeError | RangeError} that says which option is wrong and what is right. */
export function checkOptions(options) {
    if (typeof options !== 'object' || options === null) {
        throw new TypeError('The options must be an object, such as { include: ["sum"] }.');
    }
    for (const name of Object.keys(options))
        checkOneOf('option', name, OPTIONS);
    const { include = [], collapse = [], format = 'json', key, signal, onProgress } = options;
    checkList('include', include);
    for (const detail of include)
        checkOneOf('detail in include', detail, DETAILS);
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
function checkOneOf(what, value, known) {
    if (known.includes(value))
        return;
    throw new TypeError(`There is no ${what} ${JSON.stringify(value)}; use ${known.join(', ')}.`);
}
function checkList(name, value) {
    if (Array.isArray(value) && value.every((entry) => typeof entry === 'string'))
        return;
    throw new TypeError(`${name} must be an array of strings.`);
}
function checkCollapse(collapse, include) {
    checkList('collapse', collapse);
    if (collapse.length > 0 && !include.includes('paths')) {
        throw new TypeError('collapse needs include: ["paths"], because it changes only the paths.');
    }
    for (const path of collapse) {
        try {
            parsePath(path);
        }
        catch (error) {
            throw new TypeError(`collapse: ${error.message}.`);
        }
    }
}
/** The message of a wrong key never holds the key. */
function checkKey(key) {
    const bytes = typeof key === 'string' ? decodeKey(key) : key;
    if (tagOf(bytes) !== 'Uint8Array') {
        throw new TypeError('key must be a Uint8Array, or a string of base64url.');
    }
    const { length } = bytes;
    if (length < 16 || length > 64) {
        throw new RangeError(`key must have 16 to 64 bytes; it has ${length}.`);
    }
    return new Uint8Array(bytes);
}
/** Base64url without padding, RFC 4648 section 5; the bits behind the last byte are zero. */
const BASE64URL = /^(?:[\w-]{4})*(?:[\w-][AQgw]|[\w-]{2}[AEIMQUYcgkosw048])?$/;
function decodeKey(key) {
    if (BASE64URL.test(key))
        return decodeBase64(key.replaceAll('-', '+').replaceAll('_', '/'));
    throw new TypeError('key must be base64url without padding (RFC 4648 section 5).');
}
/** Smallest and largest values that the engine has numbers for. */
const RANGES = {
    maxDepth: [1, 1e8],
    maxDigits: [1, 1e6],
    maxExponent: [0, 1e6],
    maxPaths: [1, 1e6],
    maxPathBytes: [1, 1024 ** 3],
    maxBytes: [1, Number.POSITIVE_INFINITY],
    maxMemory: [1, Number.POSITIVE_INFINITY],
};
function checkLimits(given) {
    if (given === undefined)
        return DEFAULT_LIMITS;
    const limits = { ...DEFAULT_LIMITS };
    for (const [name, value] of Object.entries(given)) {
        checkOneOf('limit', name, Object.keys(RANGES));
        if (value === undefined)
            continue;
        const [least, most] = RANGES[name];
        const isWhole = Number.isInteger(value) || value === Number.POSITIVE_INFINITY;
        if (!isWhole || value < least || value > most) {
            throw new RangeError(`limits.${name} must be a whole number from ${least} to ${most}.`);
        }
        limits[name] = value;
    }
    return limits;
}
