import type { Report } from './report.js';
/** The form of a result on standard output: a digest, unless another is chosen. */
export interface OutputOptions {
    /** The whole report. */
    json?: boolean;
    /** The sum. */
    text?: boolean;
    /** Name of the file, to be printed behind a digest or a sum. */
    name?: string | undefined;
}
/** Prints a line about a result; resolves once more may be printed. */
export declare function write(report: Report, { json, text, name }: OutputOptions): Promise<void>;
/** Prints a line, and waits while the reader is slow. Errors end the program, in `index.ts`. */
export declare function print(line: string): Promise<void>;
