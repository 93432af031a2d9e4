import { compare } from './comparison.js';
import { describeComparison, toJson } from './diff-output.js';
import { aboutInput, Failure } from './failure.js';
import { openInput, peek, readText } from './input.js';
import { readKey } from './key.js';
import { reportOf } from './measure.js';
import { print } from './output.js';
import { isReport, parseReports, REPORT_MARK_BYTES } from './report.js';
/** Exit status of a comparison that found a difference. */
const EXIT_DIFFERENT = 1;
/** Compares two files, each a document or a report. */
export async function diffFiles(a, b, options) {
    if (a === '-' && b === '-')
        throw new Failure('standard input can only be one of the two files');
    const key = await readKey(options.keyFile);
    const [first, second] = [await openSide(a, options), await openSide(b, options)];
    // A report says what is collapsed, and so do the documents that it is compared with.
    const known = [first, second].flatMap(({ report }) => report?.collapse ?? []);
    const request = {
        include: ['sum', 'count', 'paths'],
        collapse: options.collapse.length > 0 ? options.collapse : [...new Set(known)],
        key: undefined,
        format: undefined,
        maxPaths: options.maxPaths,
    };
    const sides = { a: await reportOfSide(first, request), b: await reportOfSide(second, request) };
    const comparison = compare(sides.a, sides.b, key);
    const names = { a, b };
    if (options.json)
        await print(JSON.stringify(toJson(comparison, sides, names)));
    else
        for (const line of describeComparison(comparison, sides, names, options.limit))
            await print(line);
    if (!comparison.isEqual)
        process.exitCode = EXIT_DIFFERENT;
}
async function openSide(name, options) {
    return aboutInput(name, async () => {
        const format = options.format === 'auto' ? undefined : options.format;
        const input = await openInput(name, format);
        const { head, all } = await peek(input.document, REPORT_MARK_BYTES);
        if (!isReport(head))
            return { name, input: { ...input, document: all } };
        const [report, ...others] = parseReports(await readText(all));
        if (others.length === 0)
            return { name, report: report };
        throw new Failure(`holds ${others.length + 1} reports; add them with tally merge first`);
    });
}
async function reportOfSide({ name, report, input }, request) {
    return report ?? aboutInput(name, () => reportOf(name, input, request));
}
