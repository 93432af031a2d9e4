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
