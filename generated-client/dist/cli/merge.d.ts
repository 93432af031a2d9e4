export interface MergeOptions {
    sums?: boolean;
    keyFile?: string;
}
/** Prints the report about all documents together that the reports in the files are about. */
export declare function mergeReports(files: string[], options: MergeOptions): Promise<void>;
