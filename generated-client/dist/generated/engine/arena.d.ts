import type { EngineLimits } from './limits.js';
import { type CompiledScanner, Scanner } from './scanner.js';
/** A document in the memory of an arena. */
export interface OpenDocument {
    /** Bytes that it has beyond its record. */
    readonly extraBytes: number;
    /** Frees its memory; the document has no sum then. It is too large if it would be given up even alone. */
    evict(isTooLarge: boolean): void;
}
/** A scanner, and the documents that share its memory. */
export interface Arena {
    readonly scanner: Scanner;
    /** Largest document, in bytes. */
    readonly maxBytes: number;
    add(): void;
    /** Call it once the memory of the document is freed. */
    remove(document: OpenDocument): void;
    /** Call it when the document has more or less than before. It may be evicted by that. */
    account(document: OpenDocument): void;
}
/** Provides the arena for new documents, and replaces one that is mostly unused. */
export interface Arenas {
    current(): Arena;
}
/** Calls back whenever memory of a scanner is left to the garbage collector. */
export declare function createArenas(compiled: CompiledScanner, limits: EngineLimits, onGarbage?: () => void): Arenas;
