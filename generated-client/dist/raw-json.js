/** JSON text, made by {@link rawJson}. */
export class RawJson {
    #text;
    constructor(text) {
        this.#text = text;
    }
    toString() {
        return this.#text;
    }
}
/**
 * Marks text as JSON that is sent as it is. Any other string is sent as a JSON string.
 *
 * @example
 * ```ts
 * await tally.sum(rawJson('[9007199254740993, 0.10]'));
 * ```
 */
export function rawJson(text) {
    if (typeof text !== 'string')
        throw new TypeError('rawJson takes a string of JSON text');
    return new RawJson(text);
}
