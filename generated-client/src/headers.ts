export type HeadersInput = Headers | Record<string, string> | [string, string][];

/** Returns headers in which others replace those of the same name. */
export function mergeHeaders(base: Headers, input: HeadersInput = []): Headers {
  const merged = new Headers(base);
  const pairs = Symbol.iterator in input ? [...input] : Object.entries(input);
  for (const [name, value] of pairs) {
    try {
      if (value !== undefined) merged.set(name, value);
    } catch {
      // The runtime's own error would quote the value.
      throw new TypeError(`The name or value of the header ${JSON.stringify(name)} is not valid`);
    }
  }
  return merged;
}
