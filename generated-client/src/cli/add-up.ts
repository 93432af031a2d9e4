import { DecimalSum } from './decimal.js';
import { type Digest, digestOf } from './key.js';
import type { PathEntry } from './report.js';

/** Adds the entries of each path; all must have sums. Paths keep the order in which they first appear. */
export function addByPath(entries: PathEntry[], key: Buffer | undefined): PathEntry[] {
  const byPath = new Map<string, PathEntry[]>();
  for (const entry of entries) {
    const known = byPath.get(entry.path);
    if (known) known.push(entry);
    else byPath.set(entry.path, [entry]);
  }
  return [...byPath].map(([path, places]) => ({
    path,
    count: places.reduce((total, { count }) => total + count, 0),
    ...addSums(places, key),
  }));
}

/** Returns the sum of totals that all have one, and its digest. */
export function addSums(
  totals: { sum?: string }[],
  key: Buffer | undefined,
): Digest & { sum: string } {
  const exact = new DecimalSum();
  for (const { sum } of totals) exact.add(sum!);
  const sum = exact.toString();
  return { ...digestOf(sum, key), sum };
}
