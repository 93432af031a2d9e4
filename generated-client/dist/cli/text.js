/** Text for people: on a terminal, in columns. */
/** Characters that could steer the terminal or change the order of the text, and halves of surrogate pairs. */
const CONTROLS = /[\p{Cc}\p{Bidi_Control}\p{Cs}\u2028\u2029]/gu;
/** Characters that take two columns of a terminal: most of East Asia's, and emoji. */
const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\p{Emoji_Presentation}]/u;
/** Characters that take none: they are drawn upon the one before. */
const NARROW = /[\p{Mn}\p{Me}\u200b\u200c]|\u200d|\ufe0f/u;
/** Longest number that is shown whole. */
const MAX_DIGITS = 40;
/** Spells control characters as escapes, because names of files and members may hold any. */
export function visible(text) {
    return text.replace(CONTROLS, (character) => `\\u{${character.codePointAt(0).toString(16)}}`);
}
/** Shortens a number of many digits for people; reports have it whole. */
export function shorten(number) {
    if (number.length <= MAX_DIGITS)
        return number;
    return `${number.slice(0, 16)}…${number.slice(-8)} (${number.length} characters)`;
}
/** Returns the number with its noun, in the plural but for one. */
export function countOf(count, noun) {
    return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
/** Returns the lines of a table: the first column to the left, all others to the right. */
export function alignColumns(rows) {
    const widths = [];
    for (const row of rows) {
        for (const [index, cell] of row.entries()) {
            widths[index] = Math.max(widths[index] ?? 0, widthOf(cell));
        }
    }
    return rows.map((row) => row
        .map((cell, index) => {
        const padding = ' '.repeat(widths[index] - widthOf(cell));
        return index === 0 ? cell + padding : padding + cell;
    })
        .join('  ')
        .trimEnd());
}
/** Returns the number of a terminal's columns that a text takes. */
function widthOf(text) {
    let width = 0;
    for (const character of text) {
        if (!NARROW.test(character))
            width += WIDE.test(character) ? 2 : 1;
    }
    return width;
}
/** Colours of standard output, if it is a terminal and NO_COLOR (no-color.org) is not set. */
export function createColours() {
    const isColoured = process.stdout.isTTY && !process.env.NO_COLOR;
    const paint = (code) => (text) => isColoured ? `\u001b[${code}m${text}\u001b[0m` : text;
    return { bold: paint(1), red: paint(31), green: paint(32) };
}
