import type { Format } from '../local.js';
export interface DiffOptions {
    json?: true;
    collapse: string[];
    keyFile?: string;
    format: Format | 'auto';
    limit: number;
    maxPaths?: number;
}
/** Compares two files, each a document or a report. */
export declare function diffFiles(a: string, b: string, options: DiffOptions): Promise<void>;
