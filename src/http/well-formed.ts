/**
 * Returns the JSON Pointer to a text with an unpaired surrogate, or undefined. JSON can spell one
 * (`"\ud800"`), but UTF-8 cannot: databases refuse it or store another character.
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
