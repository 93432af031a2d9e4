/** Divides a long calculation into turns of the event loop. */
export interface Turns {
    /** Tells whether the current turn has lasted long enough. */
    isOver(): boolean;
    /** Waits for the next turn. */
    next(): Promise<void>;
}
export declare function createTurns(): Turns;
