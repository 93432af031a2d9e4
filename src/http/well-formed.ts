/**
 * Returns the JSON Pointer to a text that holds half a surrogate pair, or undefined. JSON can spell such a
 * half (`"\ud800"`), and it has no UTF-8: databases refuse it or keep another character in its place.
 */
export function findMalformedText(data: unknown): string | undefined {
  const pending: [value: unknown, path: string][] = [[data, '']];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const [value, path] = next;
    if (typeof value === 'string' && !value.isWellFormed()) return path;
    if (typeof value !== 'object' || value === null) continue;
    for (const [name, inner] of Object.entries(value)) pending.push([inner, `${path}/${name}`]);
  }
  return undefined;
}
