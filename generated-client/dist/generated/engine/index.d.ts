/**
 * The exact sum of every number in a JSON document (RFC 8259), from bytes that may arrive in any
 * pieces. README.md explains how it works.
 * @module
 */
import type { Arena, Arenas, OpenDocument } from './arena.js';
import type { Format } from './format.js';
import type { PathTotal } from './scanner.js';
export { DocumentFault } from './fault.js';
export interface DocumentOptions {
    /** One document, unless another format is given. */
    format?: Format;
    /** Asks for the total of each place in the document that holds a number. */
    paths?: {
        /** Paths of objects whose members share one path, such as `$.users` for `$.users[*]`. */
        collapse: readonly string[];
    };
}
/** The total of a document. */
export interface Total {
    /**
     * The sum's canonical text: an optional `-`, an integer part without leading zeros and, only where needed, `.` and a
     * fraction without trailing zeros; never an exponent. Zero is `0`.
     */
    sum: string;
    /** Number of the numbers that were added. */
    count: number;
    /** The totals of all paths, in the order of their bytes, if they were asked for. */
    paths?: PathTotal[];
}
export interface Engine {
    /**
     * Opens a document. It holds memory until `end`, a fault or `close`.
     * @throws {InvalidPath} for a path to collapse that is none
     */
    open(options?: DocumentOptions): Summation;
    /**
     * Returns the sum of a whole JSON document, as `Summation.end` does.
     * @throws {DocumentFault}
     */
    sum(document: Uint8Array): string;
}
/** Creates an engine whose documents share the memory of the arenas. */
export declare function createEngine(arenas: Arenas): Engine;
/** The sum of a document that is read piece by piece. */
export declare class Summation implements OpenDocument {
    #private;
    extraBytes: number;
    constructor(arena: Arena, { format, paths }: DocumentOptions);
    /**
     * Takes the next bytes, any number of them; reads `chunk` only during the call.
     * @throws {DocumentFault} as soon as no document could begin with the bytes so far, and
     *   `memory_exhausted` also because of what other documents need
     */
    write(chunk: Uint8Array): void;
    /** @throws {DocumentFault} if the document is incomplete, or the totals of its paths are too long. */
    end(): Total;
    /** Frees what an abandoned document holds; does nothing after `end` or a fault. */
    close(): void;
    evict(isTooLarge: boolean): void;
}
