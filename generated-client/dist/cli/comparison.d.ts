import type { PathEntry, Report } from './report.js';
/** A place whose totals differ, or that only one side has. */
export interface PathDifference {
    path: string;
    a: PathEntry | undefined;
    b: PathEntry | undefined;
    /** The sum of B less that of A, if both are known; a place that is missing counts as 0. */
    difference: string | undefined;
}
/** A total that A has at one place and B at another. */
export interface SameTotal {
    a: PathEntry;
    b: PathEntry;
}
export interface Comparison {
    isEqual: boolean;
    hasSameTotal: boolean;
    /** False if both counts are known and differ. */
    hasSameCount: boolean;
    /** The total of B less that of A, if both are known. */
    difference: string | undefined;
    /** Number of the paths that A or B has, as far as they can be compared; undefined if they cannot be at all. */
    pathCount: number | undefined;
    differing: PathDifference[];
    sameTotals: SameTotal[];
    /** Sentences about what could not be compared. */
    notes: string[];
}
/**
 * Compares two reports.
 *
 * @throws {Failure} if one has keyed digests and the other none that could be compared with them, or if one collapses
 *   objects and the other has no sums of their members
 */
export declare function compare(first: Report, second: Report, key: Buffer | undefined): Comparison;
