import { isRawBody } from './body.js';
import { sumDocument } from './generated/operations/sum.js';
import { toJson } from './json.js';
import { tagOf } from './kinds.js';
import { rawJson } from './raw-json.js';
const MEDIA_TYPES = {
    json: 'application/json',
    lines: 'application/x-ndjson',
    sequence: 'application/json-seq',
};
/** Returns what is sent for a document: JSON of a value, or what is sent as it is. */
export function toRequestBody(document) {
    return isRawBody(document) ? document : rawJson(toJson(document));
}
/** Makes the request of `Tally.sumDetails`. */
export function createSumRequest(document, { include, collapse, key, format = 'json' }) {
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
        ...sumDocument(toRequestBody(document)),
        query: { include: include?.length ? include.join(',') : undefined, collapse },
        headers: { 'Sum-Key': key === undefined ? undefined : spellKey(key) },
        mediaType: MEDIA_TYPES[format],
    };
}
/** Checks a key here, because the error of a header that is not valid would quote it. */
function spellKey(key) {
    if (typeof key !== 'string' && tagOf(key) !== 'Uint8Array') {
        throw new TypeError('key must be a Uint8Array, or a string of base64url');
    }
    // One byte too many is enough to see that there are too many.
    const text = typeof key === 'string' ? key : toBase64Url(key.subarray(0, 65));
    if (/^[\w-]{22,86}$/.test(text))
        return text;
    throw new TypeError('key must be 16 to 64 bytes, or their base64url without padding');
}
function toBase64Url(bytes) {
    const base64 = btoa(String.fromCharCode(...bytes));
    return base64.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}
