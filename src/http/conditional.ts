/**
 * Conditional requests (RFC 9110 section 13). An entity tag in If-None-Match compares weakly, one in
 * If-Match strongly.
 */

/** Returns true if the client holds the current representation (RFC 9110 section 13.1.2). */
export function isNotModified(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === '*') return true;
  return entityTags(ifNoneMatch).some((tag) => tag.replace(/^W\//, '') === etag);
}

/** Returns the entity tags of a header. A tag may contain commas (RFC 9110 section 8.8.3). */
export function entityTags(header: string): string[] {
  return header.match(/(?:W\/)?"[^"]*"/g) ?? [];
}

/** First and last byte, counted from 0. */
export interface Range {
  start: number;
  end: number;
}

/**
 * Reads a Range header (RFC 9110 section 14.2). Ranges of other units, and several ranges, count as no range.
 *
 * @returns `unsatisfiable` for a range outside of a file of that size
 */
export function parseRange(
  header: string | undefined,
  size: number,
): Range | 'unsatisfiable' | undefined {
  const [, from, to] = /^bytes=(\d{0,15})-(\d{0,15})$/i.exec(header ?? '') ?? [];
  if (from === undefined || to === undefined || from + to === '') return undefined;
  if (from === '') {
    const length = Math.min(Number(to), size);
    return length === 0 ? 'unsatisfiable' : { start: size - length, end: size - 1 };
  }
  const start = Number(from);
  const end = to === '' ? size - 1 : Math.min(Number(to), size - 1);
  if (to !== '' && Number(to) < start) return undefined;
  return start >= size ? 'unsatisfiable' : { start, end };
}
