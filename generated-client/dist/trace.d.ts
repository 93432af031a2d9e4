/**
 * Replaces the stack of an error of a call by that of the call itself: the error is made after the answer, when the
 * runtime has lost the caller.
 */
export declare function traceTo(error: unknown, call: Error): unknown;
