import { type Format, type SumDetails } from '../local.js';
import { type Input } from './input.js';
import type { Report } from './report.js';
/** The parts of a result besides its digest. */
export type Detail = 'sum' | 'count' | 'paths';
/** The wishes of a user for the results of documents. */
export interface Request {
    include: readonly Detail[];
    /** Paths of objects whose members share one path. */
    collapse: readonly string[];
    key: Buffer | undefined;
    /** Replaces the format that the name of a file says. */
    format: Format | undefined;
    maxPaths: number | undefined;
}
/** Computes the result for a document. */
export type Measure = (input: Input, request: Request) => Promise<Measured>;
/** The result for a document, and its decoded size, if that is known. */
type Measured = SumDetails & {
    bytes?: number;
};
/** Computes the result in this process. */
export declare const measureHere: Measure;
/** Returns the report about a document, and shows the progress of reading it. */
export declare function reportOf(name: string, input: Input, request: Request, measure?: Measure): Promise<Report>;
export {};
