import type { Report } from './report.js';
/** Returns the one spelling of a path that `tally` has for it. */
export declare function normalizePath(path: string): string;
/**
 * Makes two reports tell the same places apart: where only one collapses an object, the totals of its members in the other are
 * added.
 *
 * @throws {Failure} if that one has no sums
 */
export declare function alignCollapsed(a: Report, b: Report): [Report, Report];
