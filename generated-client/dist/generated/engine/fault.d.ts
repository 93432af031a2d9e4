import type { Format } from './format.js';
export type FaultCode = 'malformed_json' | 'too_deep' | 'number_out_of_range' | 'too_many_paths' | 'too_large' | 'memory_exhausted';
/** A document that has no sum, because it was refused or, to free memory for others, given up. */
export declare class DocumentFault extends Error {
    readonly name = "DocumentFault";
    readonly code: FaultCode;
    /**
     * Index of a byte of the document, any byte-order mark counted. `malformed_json`: the first byte that no
     * document can have there, or the length of one that ends too early. `too_deep`: the bracket too many.
     * `number_out_of_range`: the number's first byte. `too_many_paths`: the first byte of the number whose path is one too
     * many, which is found before the rest of the number is read; or the end of the document, if its sums are too long. `too_large`: the byte too many. `memory_exhausted`: the next one.
     */
    readonly offset: number;
    /** In JSON Lines the number of the line, in a sequence that of the record, both from 1. */
    readonly line: number | undefined;
    constructor(code: FaultCode, offset: number, message: string, line?: number);
}
/** A refusal as the scanner reports it: numbers that it exports under the names of the tables below. */
export interface Finding {
    reason: number;
    phase: number;
    byte: number;
    /** The bracket around the fault: 1 an array's, 2 an object's; without one 0, in lines 3, in a sequence 4. */
    bracket: number;
    offset: number;
    /** Number of the separators of values before the fault. */
    separators: number;
}
/**
 * Returns a function that words the findings of a scanner, given the exports of its module: the names and numbers
 * of reasons and phases are its globals.
 *
 * @throws if these names are not the ones of the tables here, as in a module that was built from other sources.
 */
export declare function createFaultReader(exported: object): (finding: Finding, format: Format) => DocumentFault;
