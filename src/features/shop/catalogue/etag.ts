import { shopProblems } from '../problems.ts';

interface Versioned {
  version: number;
  quantity_in_stock: number;
}

/**
 * The entity tag of a product (RFC 9110 section 8.8.3). The stock is part of it, since it is part of
 * what is sent; for {@link versionOf} the version alone counts.
 */
export function etagOf({ version, quantity_in_stock }: Versioned): string {
  return `"${version}-${quantity_in_stock}"`;
}

/** Whether If-None-Match (RFC 9110 section 13.1.2) has the tag: what the client holds is still true. */
export function isFresh(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  return tagsOf(ifNoneMatch).some((tag) => tag === '*' || tag.replace(/^W\//, '') === etag);
}

/**
 * The version that If-Match (RFC 9110 section 13.1.1) asks for; undefined where any will do. Orders
 * change the stock all the time and must not keep an administrator from correcting a name, so a tag
 * matches as long as the product is of its version. Weak tags never match.
 *
 * @throws {Problem} `precondition_required`, `precondition_failed`
 */
export function versionOf(ifMatch: string | undefined): number | undefined {
  if (ifMatch === undefined) throw shopProblems.preconditionRequired();
  const tags = tagsOf(ifMatch);
  if (tags.includes('*')) return undefined;
  const versions = tags.map((tag) => Number(/^"(\d{1,15})-\d+"$/.exec(tag)?.[1] ?? 0));
  // Of several, only the latest can be true.
  const latest = Math.max(...versions);
  if (latest === 0) throw shopProblems.preconditionFailed();
  return latest;
}

function tagsOf(header: string): string[] {
  return header.split(',').map((tag) => tag.trim());
}
