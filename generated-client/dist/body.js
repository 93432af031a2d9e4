import { isBlob, isBytes, isStream } from './kinds.js';
import { RawJson } from './raw-json.js';
import { createStreamBody } from './stream-body.js';
export function isRawBody(value) {
    return value instanceof RawJson || isBytes(value) || isBlob(value) || isStream(value);
}
/** Makes the body of a request. Anything but a raw body is sent as JSON. */
export function createBody(value) {
    if (value === undefined)
        return createFixedBody(undefined, 0);
    if (value instanceof RawJson)
        return createTextBody(value.toString());
    if (isBytes(value))
        return createFixedBody(value, value.byteLength);
    if (isBlob(value))
        return createFixedBody(value, value.size);
    if (isStream(value))
        return createStreamBody(value);
    return createTextBody(JSON.stringify(value));
}
function createTextBody(text) {
    return createFixedBody(text, text.length);
}
export function createFixedBody(init, size) {
    return {
        size,
        isReplayable: true,
        open: () => init,
        close: () => undefined,
    };
}
