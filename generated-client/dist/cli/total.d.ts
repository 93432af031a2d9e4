export interface TotalOptions {
    json?: true;
    text?: true;
    keyFile?: string;
}
/** Prints the sum of all lines of the files, each a decimal number, alone or in front of a name. */
export declare function totalOfLines(files: string[], options: TotalOptions): Promise<void>;
