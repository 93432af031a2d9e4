/**
 * Paths of places in a document: a JSONPath (RFC 9535) in which every array index is `[*]`, in one spelling for each.
 */
/** The segment `[*]`: all elements of an array, or all members of an object that is collapsed. */
export declare const ANY: null;
/** A member's name, or {@link ANY}. */
export type Segment = string | typeof ANY;
/** Returns the one spelling of a path. */
export declare function formatPath(segments: readonly Segment[]): string;
/**
 * Returns the segments of a path behind its `$`.
 *
 * @throws {InvalidPath}
 */
export declare function parsePath(path: string): Segment[];
/**
 * Returns a function that spells the paths of nodes, given their names and the nodes around them; the parent of the
 * root is 0. It keeps the paths of the nodes around those that it was asked for.
 */
export declare function createPathReader(nameOf: (node: number) => Segment, parentOf: (node: number) => number): (node: number) => string;
/** Sorts by the bytes of the paths in UTF-8. */
export declare function sortByBytes<T extends {
    path: string;
}>(entries: T[]): T[];
