import { parsePath } from '../generated/engine/json-path.js';
import { isDecimal } from './decimal.js';
import { Failure } from './failure.js';
import { digestOf } from './key.js';
/** Returns the report with digests and counts alone. */
export function withoutSums({ sum: _, paths, ...rest }) {
    return { ...rest, ...(paths && { paths: paths.map(({ sum: _, ...entry }) => entry) }) };
}
/** Bytes of a file that `isReport` needs. */
export const REPORT_MARK_BYTES = 64;
/** Tells a report from a document by its first bytes. */
export function isReport(head) {
    return /^\ufeff?\s*\{\s*"report"\s*:\s*"tally\//.test(head);
}
/**
 * Reads reports: one, laid out in any way, or one on each line.
 *
 * @throws {Failure} for anything else
 */
export function parseReports(given) {
    const text = given.replace(/^\ufeff/, '');
    if (!isReport(text.slice(0, REPORT_MARK_BYTES))) {
        throw new Failure('is no report; tally sum --json makes one');
    }
    const whole = parseJson(text);
    if (whole !== undefined)
        return [checkReport(whole, '')];
    return text
        .split('\n')
        .map((line, index) => ({ line, place: `line ${index + 1}: ` }))
        .filter(({ line }) => line.trim() !== '')
        .map(({ line, place }) => {
        const value = parseJson(line);
        if (value === undefined)
            throw new Failure(`${place}is no report, or only a part of one`);
        return checkReport(value, place);
    });
}
function parseJson(text) {
    try {
        return JSON.parse(text);
    }
    catch {
        return undefined;
    }
}
/** @throws {Failure} unless the value has the members of a report. */
function checkReport(value, place) {
    const report = value;
    if (report === null || typeof report !== 'object' || !('report' in report)) {
        throw new Failure(`${place}is no report`);
    }
    if (report.report !== 'tally/1') {
        throw new Failure(`${place}is a report of another version of tally (${report.report})`);
    }
    checkTotal(report, `${place}the report`);
    const { paths = [], collapse = [] } = report;
    if (!Array.isArray(paths))
        throw new Failure(`${place}the paths of the report are no list`);
    if (!Array.isArray(collapse))
        throw new Failure(`${place}"collapse" of the report is no list`);
    for (const path of [...paths.map((entry) => entry?.path), ...collapse])
        checkPath(path, place);
    const known = new Set();
    for (const entry of paths) {
        if (known.has(entry?.path))
            throw new Failure(`${place}the report has a path twice`);
        known.add(entry?.path);
        checkTotal({ ...entry, count: entry.count ?? Number.NaN }, `${place}${entry.path} in the report`);
    }
    return report;
}
function checkPath(path, place) {
    try {
        parsePath(path);
    }
    catch {
        throw new Failure(`${place}the report has ${JSON.stringify(path)} where a path belongs`);
    }
}
const HASH = /^[0-9a-f]{64}$/;
function checkTotal({ sha256, hmac_sha256, sum, count }, name) {
    const digest = hmac_sha256 ?? sha256;
    if (typeof digest !== 'string' || !HASH.test(digest))
        throw new Failure(`${name} has no digest`);
    if (count !== undefined && !Number.isSafeInteger(count)) {
        throw new Failure(`${name} has a count that is no whole number`);
    }
    if (sum !== undefined && (typeof sum !== 'string' || !isDecimal(sum))) {
        throw new Failure(`${name} has a sum that is no decimal number in quotes`);
    }
    if (sum !== undefined && sha256 !== undefined && digestOf(sum, undefined).sha256 !== sha256) {
        throw new Failure(`${name} has a digest that is not the one of its sum: it was changed`);
    }
}
