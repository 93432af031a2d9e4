import { entityTags } from '../../../http/conditional.ts';
import { shopProblems } from '../problems.ts';
import type { ProductRow } from './repository.ts';

/** The response header of routes that answer with one product. */
export const ETAG = {
  ETag: { type: 'string', description: 'The entity tag for `If-Match` and `If-None-Match`.' },
};

/**
 * Returns the entity tag of a product (RFC 9110 section 8.8.3). It covers the stock, because responses do;
 * {@link versionsOf} compares only the version.
 */
export function etagOf({ version, quantity_in_stock }: ProductRow): string {
  return `"${version}-${quantity_in_stock}"`;
}

/**
 * Returns the versions that If-Match (RFC 9110 section 13.1.1) accepts; undefined if it accepts any. Orders
 * change the stock all the time and must not keep administrators from correcting a name, so a tag matches
 * as long as the product has its version. Weak tags never match.
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
  if (versions.length === 0) {
    throw shopProblems.preconditionFailed(
      'If-Match has no valid entity tag of this product. Get the product, and send its ETag.',
    );
  }
  return versions;
}
