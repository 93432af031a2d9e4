/** Text for people: on a terminal, in columns. */
/** Spells control characters as escapes, because names of files and members may hold any. */
export declare function visible(text: string): string;
/** Shortens a number of many digits for people; reports have it whole. */
export declare function shorten(number: string): string;
/** Returns the number with its noun, in the plural but for one. */
export declare function countOf(count: number, noun: string): string;
/** Returns the lines of a table: the first column to the left, all others to the right. */
export declare function alignColumns(rows: readonly (readonly string[])[]): string[];
/** Colours of standard output, if it is a terminal and NO_COLOR (no-color.org) is not set. */
export declare function createColours(): {
    bold: (text: string) => string;
    red: (text: string) => string;
    green: (text: string) => string;
};
