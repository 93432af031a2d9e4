import { type Digest } from './key.js';
import type { PathEntry } from './report.js';
/** Adds the entries of each path; all must have sums. Paths keep the order in which they first appear. */
export declare function addByPath(entries: PathEntry[], key: Buffer | undefined): PathEntry[];
/** Returns the sum of totals that all have one, and its digest. */
export declare function addSums(totals: {
    sum?: string;
}[], key: Buffer | undefined): Digest & {
    sum: string;
};
