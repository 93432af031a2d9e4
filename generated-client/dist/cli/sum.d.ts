import type { Format } from '../local.js';
/** Options of `tally sum`, as the parser of arguments names them. */
export interface SumOptions {
    json?: true;
    text?: true;
    paths: boolean;
    sums?: boolean;
    collapse: string[];
    keyFile?: string;
    format: Format | 'auto';
    maxPaths?: number;
    server?: string;
}
/** Prints a line for each file. A file that has no sum is reported, and the others follow. */
export declare function sumFiles(files: string[], options: SumOptions): Promise<void>;
