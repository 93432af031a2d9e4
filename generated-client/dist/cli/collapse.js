import { ANY, formatPath, parsePath } from '../generated/engine/json-path.js';
import { addByPath } from './add-up.js';
import { Failure } from './failure.js';
/** Returns the one spelling of a path that `tally` has for it. */
export function normalizePath(path) {
    return formatPath(parsePath(path));
}
/**
 * Makes two reports tell the same places apart: where only one collapses an object, the totals of its members in the other are
 * added.
 *
 * @throws {Failure} if that one has no sums
 */
export function alignCollapsed(a, b) {
    return [collapseLike(a, b, 'A', 'B'), collapseLike(b, a, 'B', 'A')];
}
function collapseLike(report, other, name, otherName) {
    const own = new Set(report.collapse?.map(normalizePath));
    const missing = (other.collapse ?? []).map(normalizePath).filter((path) => !own.has(path));
    if (missing.length === 0 || !report.paths || !other.paths)
        return report;
    if (report.sum === undefined) {
        throw new Failure(`only ${otherName} collapses ${missing.join(', ')}, and ${name} has no sums to be added; make both reports with the same --collapse`);
    }
    // From the outside in: the path of an inner object may go through an outer one.
    const roots = missing.map(parsePath).sort((x, y) => x.length - y.length);
    const entries = report.paths.map((entry) => ({
        ...entry,
        path: formatPath(roots.reduce(collapse, parsePath(entry.path))),
    }));
    return { ...report, paths: addByPath(entries, undefined) };
}
function collapse(path, root) {
    const { length } = root;
    const isBelow = path.length > length && root.every((segment, index) => segment === path[index]);
    return isBelow ? [...path.slice(0, length), ANY, ...path.slice(length + 1)] : path;
}
