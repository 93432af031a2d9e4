import { tagOf } from './kinds.js';
/** Deepest nesting that is written. Deeper documents are most likely endless. */
const MAX_DEPTH = 1_000_000;
/**
 * Writes JSON as `JSON.stringify` does, but exactly: a bigint becomes its digits, and values that JSON cannot
 * express are refused, where `JSON.stringify` would omit them or write null or `{}`. It has its own stack, so
 * deep documents do not overflow the call stack.
 *
 * @throws {TypeError} whose message has the keys that lead to the place, and no values.
 */
export function toJson(document) {
    const frames = [];
    const open = new Set();
    let text = '';
    function write(key, given) {
        const value = unbox(given, key);
        if (isContainer(value)) {
            if (open.has(value))
                throw refusal(frames, 'refers to itself');
            if (frames.length === MAX_DEPTH) {
                throw new RangeError(`The document is deeper than ${MAX_DEPTH} levels`);
            }
            open.add(value);
            frames.push(frameOf(value));
            text += Array.isArray(value) ? '[' : '{';
            return;
        }
        const literal = literalOf(value);
        if (literal === undefined)
            throw refusal(frames, `is ${describe(value)}`);
        text += literal;
    }
    write('', document);
    for (let frame = frames.at(-1); frame; frame = frames.at(-1)) {
        const { value, keys, length, next } = frame;
        if (next === length) {
            text += keys ? '}' : ']';
            open.delete(value);
            frames.pop();
            continue;
        }
        const key = keys ? keys[next] : next;
        if (next > 0)
            text += ',';
        if (keys)
            text += `${JSON.stringify(key)}:`;
        frame.next++;
        write(key, value[key]);
    }
    return text;
}
/** Calls `toJSON`, except on a bigint: programs define it there to get text, whose digits are not summed. */
function unbox(given, key) {
    if (typeof given !== 'object' || given === null)
        return given;
    const { toJSON } = given;
    const value = typeof toJSON === 'function' ? toJSON.call(given, String(key)) : given;
    const isBoxed = typeof value === 'object' && /^(Number|String|Boolean|BigInt)$/.test(tagOf(value));
    return isBoxed ? value.valueOf() : value;
}
/** Excludes a Map, a Promise, a typed array and a stream, whose content `JSON.stringify` would lose. */
function isContainer(value) {
    if (typeof value !== 'object' || value === null)
        return false;
    return Array.isArray(value) || (tagOf(value) === 'Object' && !(Symbol.asyncIterator in value));
}
function frameOf(value) {
    const keys = Array.isArray(value) ? undefined : Object.keys(value);
    return { value, keys, length: (keys ?? value).length, next: 0 };
}
function literalOf(value) {
    if (typeof value === 'string')
        return JSON.stringify(value);
    const isWord = value === null || typeof value === 'boolean' || typeof value === 'bigint';
    return isWord || Number.isFinite(value) ? String(value) : undefined;
}
function describe(value) {
    if (value === undefined || typeof value === 'number')
        return String(value);
    if (typeof value !== 'object')
        return `a ${typeof value}`;
    return tagOf(value) === 'Object' ? 'an async iterable' : `a ${tagOf(value)}`;
}
function refusal(frames, reason) {
    const path = frames.map(({ keys, next }) => `[${keys ? JSON.stringify(keys[next - 1]) : next - 1}]`);
    return new TypeError(`document${path.join('')} ${reason}, which JSON cannot express`);
}
