import { digitsOf } from './key.js';
import { alignColumns, countOf, createColours, shorten, visible } from './text.js';
/** Hexadecimal digits of a digest that are shown to people. */
const DIGEST_DIGITS = 16;
/** Returns a comparison as `--json` prints it. */
export function toJson(comparison, { a, b }, names) {
    const { isEqual, difference, pathCount, differing, sameTotals, notes } = comparison;
    const head = ({ report: _report, paths: _paths, ...rest }, file) => ({
        ...rest,
        file,
    });
    return {
        diff: 'tally/1',
        equal: isEqual,
        a: head(a, names.a),
        b: head(b, names.b),
        difference,
        path_count: pathCount,
        paths: differing.map(({ path, a, b, difference }) => ({
            path,
            a: a ? totalOf(a) : null,
            b: b ? totalOf(b) : null,
            difference,
        })),
        same_totals: sameTotals.map(({ a, b }) => ({ a: a.path, b: b.path, ...totalOf(a) })),
        notes,
    };
}
function totalOf({ path: _, ...total }) {
    return total;
}
/** Returns the lines about a comparison, with a table of at most `limit` paths; the last line sums it up. */
export function describeComparison(comparison, { a, b }, names, limit) {
    const { bold, green, red } = createColours();
    const { differing, sameTotals, notes, isEqual } = comparison;
    const shown = differing.slice(0, limit);
    const [heading, ...rows] = alignColumns(tableOf(shown));
    const more = differing.length - shown.length;
    const groups = [
        alignHeads(a, b, names),
        shown.length > 0 ? [bold(heading), ...rows] : [],
        more > 0 ? [`… and ${more} more; --limit ${differing.length} shows all of them`] : [],
        sameTotals.slice(0, limit).map(describeSameTotal),
        notes,
        [isEqual ? green(conclude(comparison)) : red(conclude(comparison))],
    ];
    return groups
        .filter((lines) => lines.length > 0)
        .flatMap((lines, index) => (index > 0 ? ['', ...lines] : lines));
}
/** Returns a line for each of the two files. */
function alignHeads(a, b, names) {
    const countIn = ({ count }) => (count === undefined ? '' : countOf(count, 'number'));
    const [first, second] = alignColumns([
        [`A  ${visible(names.a)}`, countIn(a)],
        [`B  ${visible(names.b)}`, countIn(b)],
    ]);
    return [`${first}  ${spellTotal(a)}`, `${second}  ${spellTotal(b)}`];
}
function spellTotal({ sum, ...report }) {
    if (sum !== undefined)
        return `total ${shorten(sum)}`;
    return `digest ${digitsOf(report).slice(0, DIGEST_DIGITS)}…`;
}
/** Returns the heading and a row for each path; there are columns of sums only where some are known. */
function tableOf(differing) {
    const hasSums = differing.some(({ a, b }) => (a ?? b).sum !== undefined);
    const countIn = (entry) => (entry ? String(entry.count) : '-');
    const sumIn = (entry) => {
        if (!entry)
            return '-';
        return entry.sum === undefined ? '?' : shorten(entry.sum);
    };
    return [
        ['path', 'count A', 'count B', ...(hasSums ? ['sum A', 'sum B', 'B - A'] : []), ''],
        ...differing.map(({ path, a, b, difference }) => [
            visible(path),
            countIn(a),
            countIn(b),
            ...(hasSums ? [sumIn(a), sumIn(b), difference === undefined ? '?' : signed(difference)] : []),
            remarkOn({ a, b, difference }),
        ]),
    ];
}
function signed(difference) {
    return shorten(difference === '0' || difference.startsWith('-') ? difference : `+${difference}`);
}
function remarkOn({ a, b, difference }) {
    if (!b)
        return 'only in A';
    if (!a)
        return 'only in B';
    return difference === '0' ? 'only the count differs' : '';
}
function describeSameTotal({ a, b }) {
    const sum = a.sum ?? b.sum;
    const total = sum === undefined ? '' : `, sum ${shorten(sum)}`;
    const names = `${visible(a.path)} in A and ${visible(b.path)} in B`;
    return `Same total under another name: ${names} (count ${a.count}${total})`;
}
/** Returns the sentence that sums a comparison up. */
function conclude(comparison) {
    const { isEqual, pathCount, differing } = comparison;
    const totals = concludeTotals(comparison);
    if (pathCount === undefined)
        return `${totals[0].toUpperCase()}${totals.slice(1)}.`;
    if (isEqual)
        return `Equal: the total, and the totals of ${countOf(pathCount, 'path')}.`;
    if (differing.length === 0)
        return `The same ${countOf(pathCount, 'path')}, but ${totals}.`;
    const verb = differing.length === 1 ? 'differs' : 'differ';
    return `${differing.length} of ${countOf(pathCount, 'path')} ${verb}; ${totals}.`;
}
function concludeTotals({ hasSameTotal, hasSameCount, difference }) {
    if (hasSameTotal && hasSameCount)
        return 'the totals are equal';
    if (hasSameTotal)
        return 'the totals are equal, and the counts differ';
    if (difference === undefined)
        return 'the totals differ';
    return `the totals differ by ${shorten(difference.replace('-', ''))}`;
}
