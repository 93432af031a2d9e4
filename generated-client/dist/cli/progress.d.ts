/** A line on standard error about work under way. */
export interface Progress {
    /** Counts bytes that have been read. */
    add(bytes: number): void;
    /** Erases the line. */
    stop(): void;
}
/** Shows the progress of reading a file, of so many bytes if that is known, if standard error is a terminal. */
export declare function startProgress(name: string, size: number | undefined): Progress;
