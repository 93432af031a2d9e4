/** Waits for a promise, but not longer than until the signal: then it throws the signal's reason. */
export declare function untilAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T>;
