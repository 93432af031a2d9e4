/**
 * Writes JSON as `JSON.stringify` does, but exactly: a bigint becomes its digits, and values that JSON cannot
 * express are refused, where `JSON.stringify` would omit them or write null or `{}`. It has its own stack, so
 * deep documents do not overflow the call stack.
 *
 * @throws {TypeError} whose message has the keys that lead to the place, and no values.
 */
export declare function toJson(document: unknown): string;
