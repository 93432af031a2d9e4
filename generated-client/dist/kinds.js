/** Returns the tag in `[object Tag]`. Unlike `instanceof`, it recognises objects of other realms. */
export function tagOf(value) {
    return Object.prototype.toString.call(value).slice(8, -1);
}
export function isBytes(value) {
    return tagOf(value) === 'Uint8Array' || tagOf(value) === 'ArrayBuffer';
}
export function isBlob(value) {
    return tagOf(value) === 'Blob' || tagOf(value) === 'File';
}
export function isWebStream(value) {
    return tagOf(value) === 'ReadableStream';
}
export function isStream(value) {
    const isIterable = typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
    return isIterable || isWebStream(value);
}
/** Tells whether a value is a JSON object: neither null nor an array. */
export function isObject(value) {
    return typeof value === 'object' && value !== null && !Array.isArray(value);
}
