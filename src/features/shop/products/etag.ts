import { entityTags } from '../../../http/conditional.ts';
import { shopProblems } from '../problems.ts';

interface Versioned {
  version: number;
  quantity_in_stock: number;
}

/**
 * The entity tag of a product (RFC 9110 section 8.8.3). The stock is part of it, since it is part of
 * what is sent; for {@link versionsOf} the version alone counts.
 */
export function etagOf({ version, quantity_in_stock }: Versioned): string {
  return `"${version}-${quantity_in_stock}"`;
}

/**
 * The versions that If-Match (RFC 9110 section 13.1.1) accepts; undefined where any will do. Orders
 * change the stock all the time and must not keep an administrator from correcting a name, so a tag
 * matches as long as the product is of its version. Weak tags never match.
 *
 * @throws {Problem} `precondition_required`, `precondition_failed`
 */
export function versionsOf(ifMatch: string | undefined): number[] | undefined {
  if (ifMatch === undefined) throw shopProblems.preconditionRequired();
  if (ifMatch.trim() === '*') return undefined;
  const versions = entityTags(ifMatch).flatMap((tag) => {
    const version = /^"(\d{1,15})-\d+"$/.exec(tag)?.[1];
    return version === undefined ? [] : [Number(version)];
  });
  if (versions.length === 0) throw shopProblems.preconditionFailed();
  return versions;
}
