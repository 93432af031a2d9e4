/** Aborts an attempt that makes no progress. */
export interface Watch {
    /** Aborted at the time-out, or with the caller's reason. */
    readonly signal: AbortSignal;
    /** Restarts the time-out, because there was progress. */
    touch(): void;
    /** Stops the time-out until the next `touch`, because nothing is awaited. */
    pause(): void;
    stop(): void;
}
/** The signal of calls that nobody aborts. */
export declare const NEVER_ABORTED: AbortSignal;
/** Limits of the time that a call waits for the token store, a hook, or a refresh that it shares with others. */
export interface WaitLimits {
    /** In milliseconds. */
    timeout: number;
    signal: AbortSignal;
}
/**
 * Starts a time-out. `size` is that of the body, or 0 if unknown: runtimes report no upload progress, so the time that
 * the upload may take is added at the start.
 */
export declare function createWatch(timeout: number, size: number, caller: AbortSignal, description?: string): Watch;
/** Waits for a task until the call is aborted or times out. The task itself goes on. */
export declare function waitFor<T>(task: () => Promise<T>, limits: WaitLimits, description: string): Promise<T>;
