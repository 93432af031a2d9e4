import { type Digest } from './key.js';
/** The numbers of one place in the structure of a document. */
export interface PathEntry extends Digest {
    path: string;
    count: number;
    sum?: string;
}
/** The result for one document, as `--json` prints it on a line. */
export interface Report extends Digest {
    report: 'tally/1';
    /** Name of the file as it was given. */
    file?: string;
    /** Size of the document, decoded. */
    bytes?: number;
    /** Paths of the objects whose members share one path, if there are any. */
    collapse?: string[];
    sum?: string;
    count?: number;
    paths?: PathEntry[];
}
/** Returns the report with digests and counts alone. */
export declare function withoutSums({ sum: _, paths, ...rest }: Report): Report;
/** Bytes of a file that `isReport` needs. */
export declare const REPORT_MARK_BYTES = 64;
/** Tells a report from a document by its first bytes. */
export declare function isReport(head: string): boolean;
/**
 * Reads reports: one, laid out in any way, or one on each line.
 *
 * @throws {Failure} for anything else
 */
export declare function parseReports(given: string): Report[];
