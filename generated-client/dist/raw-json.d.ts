/** JSON text, made by {@link rawJson}. */
export declare class RawJson {
    #private;
    constructor(text: string);
    toString(): string;
}
/**
 * Marks text as JSON that is sent as it is. Any other string is sent as a JSON string.
 *
 * @example
 * ```ts
 * await tally.sum(rawJson('[9007199254740993, 0.10]'));
 * ```
 */
export declare function rawJson(text: string): RawJson;
