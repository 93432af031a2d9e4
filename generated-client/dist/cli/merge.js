import { sortByBytes } from '../generated/engine/json-path.js';
import { addByPath, addSums } from './add-up.js';
import { normalizePath } from './collapse.js';
import { DecimalSum } from './decimal.js';
import { aboutInput, Failure, inputName } from './failure.js';
import { openInput, readText } from './input.js';
import { digestOf, readKey } from './key.js';
import { write } from './output.js';
import { parseReports, withoutSums } from './report.js';
/** Prints the report about all documents together that the reports in the files are about. */
export async function mergeReports(files, options) {
    const key = await readKey(options.keyFile);
    const named = [];
    for (const name of files) {
        const reports = await aboutInput(name, async () => parseReports(await readText((await openInput(name, undefined)).document)));
        for (const report of reports)
            named.push({ name: nameOf(inputName(name), report), report });
    }
    if (named.length === 0)
        throw new Failure('there are no reports to merge');
    checkAlike(named);
    for (const { name, report } of named)
        checkSums(report, name, key);
    const merged = merge(named.map(({ report }) => report), key);
    await write((options.sums ?? !key) ? merged : withoutSums(merged), { json: true });
}
function nameOf(name, { file }) {
    return file === undefined ? name : `${name}: the report about ${file}`;
}
/** @throws {Failure} unless the reports tell the same paths apart */
function checkAlike(reports) {
    const [first, ...others] = reports;
    for (const { name, report } of others) {
        const own = describePaths(report);
        const expected = describePaths(first.report);
        if (own === expected)
            continue;
        throw new Failure(`${name} has ${own}, but ${first.name} has ${expected}; make them alike`);
    }
}
function describePaths({ paths, collapse = [] }) {
    if (!paths)
        return 'no paths';
    if (collapse.length === 0)
        return 'paths without --collapse';
    return `paths with ${collapse
        .map(normalizePath)
        .sort()
        .map((path) => `--collapse ${path}`)
        .join(' ')}`;
}
/** @throws {Failure} if a sum is missing, or is not the one of its keyed digest */
function checkSums(report, name, key) {
    for (const { sum, hmac_sha256 } of [report, ...(report.paths ?? [])]) {
        if (hmac_sha256 !== undefined && !key) {
            throw new Failure(`${name} is keyed; give its key with --key-file`);
        }
        if (sum === undefined) {
            throw new Failure(`${name} has no sums, only digests, which cannot be added; make it with --sums`);
        }
        if (hmac_sha256 !== undefined && digestOf(sum, key).hmac_sha256 !== hmac_sha256) {
            throw new Failure(`${name} was made with another key, or was changed`);
        }
    }
    checkTotalOfPaths(report, name);
}
/** @throws {Failure} if the paths do not add up to the total */
function checkTotalOfPaths({ paths, sum, count }, name) {
    if (!paths)
        return;
    const isComplete = addSums(paths, undefined).sum === new DecimalSum().add(sum).toString() &&
        (count === undefined || addKnown(paths.map((entry) => entry.count)) === count);
    if (!isComplete)
        throw new Failure(`${name} has paths that do not add up to its total`);
}
/** Adds sums, counts and sizes, of the documents and of each path. */
function merge(reports, key) {
    const { collapse, paths } = reports[0];
    const bytes = addKnown(reports.map((report) => report.bytes));
    const count = addKnown(reports.map((report) => report.count));
    return {
        report: 'tally/1',
        ...(bytes !== undefined && { bytes }),
        ...(collapse && { collapse }),
        ...addSums(reports, key),
        ...(count !== undefined && { count }),
        ...(paths && { paths: sortByBytes(addByPath(pathsOf(reports), key)) }),
    };
}
function pathsOf(reports) {
    return reports.flatMap(({ paths }) => paths);
}
/** Returns undefined unless all numbers are known. */
function addKnown(numbers) {
    return numbers.reduce((a, b) => (a === undefined || b === undefined ? undefined : a + b), 0);
}
