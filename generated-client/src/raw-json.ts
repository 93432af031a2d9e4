/** Text that is JSON already. Made by {@link rawJson}. */
export class RawJson {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }
}

/**
 * Marks text as JSON, to be sent as it is: without the mark, a string is a JSON string.
 *
 * @example
 * ```ts
 * await tally.sum(rawJson('[9007199254740993, 0.10]'));
 * ```
 */
export function rawJson(text: string): RawJson {
  if (typeof text !== 'string') throw new TypeError('rawJson takes a string');
  return new RawJson(text);
}
