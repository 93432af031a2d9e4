export declare function isDecimal(text: string): boolean;
/** The exact sum of decimal numbers. */
export declare class DecimalSum {
    #private;
    /** Adds a text that `isDecimal`. */
    add(text: string): this;
    subtract(text: string): this;
    /** Returns the canonical text: no leading or trailing zeros, no exponent. */
    toString(): string;
}
