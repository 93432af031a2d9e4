import { type Format } from './format.js';
import { type Segment } from './json-path.js';
import type { EngineLimits } from './limits.js';
/** A compiled module, which any number of scanners share. */
export type CompiledScanner = object;
/** Compiles the bytes of `engine.wasm`. */
export declare function compileScanner(bytes: Uint8Array): CompiledScanner;
/** The functions that `assembly/index.ts` exports. Addresses and lengths are in bytes. */
interface Exports {
    memory: {
        buffer: ArrayBuffer;
    };
    configure(maxDepth: number, maxDigits: number, maxExponent: number, maxPaths: number, maxPathBytes: number): void;
    seed(a: number, b: number, c: number, d: number): void;
    windowAddress(): number;
    windowBytes(): number;
    usedBytes(): number;
    open(format: number): number;
    scan(record: number, length: number): number;
    finish(record: number): number;
    textLength(): number;
    numberCount(record: number): number;
    close(record: number): void;
    sum(length: number): number;
    keepPaths(record: number): number;
    memberOf(record: number, node: number, length: number): number;
    elementOf(record: number, node: number): number;
    collapse(node: number): void;
    lastPath(record: number): number;
    pathBefore(path: number): number;
    pathSum(path: number): number;
    pathCount(path: number): number;
    pathNode(path: number): number;
    parentOf(node: number): number;
    nameOf(node: number): number;
    nameBytes(node: number): number;
    crowdedObject(record: number): number;
    admitSums(record: number, bytes: number): number;
    faultReason(): number;
    faultPhase(): number;
    faultByte(): number;
    faultBracket(): number;
    faultOffset(): number;
    faultSeparators(): number;
}
/** The total of the numbers in one place of a document, or in all of it. */
export interface PathTotal {
    /** A JSONPath (RFC 9535) with `[*]` for every index. */
    path: string;
    /** Number of the numbers that were added. */
    count: number;
    /** The sum's canonical text. */
    sum: string;
}
/** The compiled scanner behind plain values: a record is the address of an open document, 0 is none. */
export declare class Scanner {
    #private;
    readonly windowBytes: number;
    readonly close: Exports['close'];
    /** @throws if the module does not fit the tables of `fault.ts`. */
    constructor(compiled: CompiledScanner, limits: EngineLimits);
    /** Memory that documents hold. */
    get usedBytes(): number;
    /** All of the scanner's memory, which only grows. */
    get sizeBytes(): number;
    open(format: Format): number;
    /** Lets a document keep the totals of its paths, with the members of the objects at `collapsed` as `[*]`. */
    keepPaths(record: number, collapsed: readonly (readonly Segment[])[]): void;
    /** @throws {DocumentFault} if the document cannot continue with these bytes, at most `windowBytes`. */
    scan(record: number, format: Format, chunk: Uint8Array): void;
    /** @throws {DocumentFault} if the document is incomplete. */
    finish(record: number, format: Format): {
        sum: string;
        count: number;
    };
    /**
     * Returns the totals of the paths of a finished document that keeps them, in the order of their bytes.
     *
     * @throws {DocumentFault} if they are too long together.
     */
    paths(record: number, format: Format): PathTotal[];
    /** Does all of `open`, `scan`, `finish` and `close` for a JSON document of at most `windowBytes`. */
    sum(document: Uint8Array): string;
}
export {};
