import { alignCollapsed } from './collapse.js';
import { DecimalSum } from './decimal.js';
import { Failure } from './failure.js';
import { digestOf, digitsOf } from './key.js';
/**
 * Compares two reports.
 *
 * @throws {Failure} if one has keyed digests and the other none that could be compared with them, or if one collapses
 *   objects and the other has no sums of their members
 */
export function compare(first, second, key) {
    checkComparable(first, second, key);
    const [a, b] = alignCollapsed(first, second);
    const identify = createIdentify(a, b, key);
    const hasSameTotal = identify(a) === identify(b);
    const hasSameCount = a.count === b.count || a.count === undefined || b.count === undefined;
    const paths = comparePaths(a, b, identify);
    const hasSameDigest = hasSameTotal || paths.differing.length < (paths.pathCount ?? 0);
    if ((isKeyed(a) || isKeyed(b)) && !hasSameDigest) {
        paths.notes.push('No digest is the same. Was the key another one?');
    }
    return {
        isEqual: hasSameTotal && hasSameCount && paths.differing.length === 0,
        hasSameTotal,
        hasSameCount,
        difference: differenceOf(a, b),
        ...paths,
    };
}
function comparePaths(a, b, identify) {
    const notes = [];
    if (!a.paths || !b.paths) {
        const without = [a.paths ? [] : 'A', b.paths ? [] : 'B'].flat().join(' and ');
        notes.push(`There are no paths in ${without}: only the totals are compared.`);
        return { pathCount: undefined, differing: [], sameTotals: [], notes };
    }
    const pairs = pairUp(a.paths, b.paths);
    const differing = pairs
        .filter(({ a: x, b: y }) => !x || !y || x.count !== y.count || identify(x) !== identify(y))
        .map((pair) => ({ ...pair, difference: differenceOf(pair.a, pair.b) }))
        .sort(byWeight);
    const sameTotals = findSameTotals(differing, identify);
    return { pathCount: pairs.length, differing, sameTotals, notes };
}
/** Tells if only the key, or the same key elsewhere, gives access to the sums. */
const isKeyed = ({ hmac_sha256, sum }) => hmac_sha256 !== undefined && sum === undefined;
/** @throws {Failure} */
function checkComparable(a, b, key) {
    if (isKeyed(a) === isKeyed(b))
        return;
    const [keyed, other] = isKeyed(a) ? ['A', b] : ['B', a];
    if (other.sum !== undefined && key)
        return;
    throw new Failure(other.sum === undefined
        ? `only ${keyed} has keyed digests; make both reports with the same key, or both without`
        : `${keyed} has keyed digests; give their key with --key-file`);
}
/** Chooses sums where both reports have them, and otherwise digests. */
function createIdentify(a, b, key) {
    if (a.sum !== undefined && b.sum !== undefined)
        return ({ sum }) => sum;
    const own = isKeyed(a) || isKeyed(b) ? key : undefined;
    return (total) => digitsOf(total.sum === undefined ? total : digestOf(total.sum, own));
}
/** Returns `undefined` unless the sums of both are known; that of a missing one is 0. */
function differenceOf(x, y) {
    const from = x ? x.sum : '0';
    const to = y ? y.sum : '0';
    if (from === undefined || to === undefined)
        return undefined;
    return new DecimalSum().add(to).subtract(from).toString();
}
function pairUp(a, b) {
    const others = new Map(b.map((entry) => [entry.path, entry]));
    const own = new Set(a.map(({ path }) => path));
    return [
        ...a.map((entry) => ({ path: entry.path, a: entry, b: others.get(entry.path) })),
        ...b
            .filter(({ path }) => !own.has(path))
            .map((entry) => ({ path: entry.path, a: undefined, b: entry })),
    ];
}
/** Sorts places of both sides before those of one, and large differences before small ones. */
function byWeight(x, y) {
    return rankOf(x) - rankOf(y) || -compareSizes(x.difference, y.difference);
}
function rankOf({ a, b }) {
    if (a && b)
        return 0;
    return a ? 1 : 2;
}
/** Compares the absolute values of decimal numbers in canonical text. */
function compareSizes(x = '0', y = '0') {
    const [[a, b = ''], [c, d = '']] = [x, y].map((text) => text.replace('-', '').split('.'));
    return a.length - c.length || (a < c ? -1 : a > c ? 1 : b < d ? -1 : b > d ? 1 : 0);
}
/** Finds totals that moved to another name: exactly one place of A and one of B have them. Zeros prove nothing. */
function findSameTotals(differing, identify) {
    const byTotal = (side) => {
        const groups = new Map();
        for (const { [side]: entry } of differing) {
            if (!entry || entry.sum === '0')
                continue;
            const total = `${entry.count} ${identify(entry)}`;
            groups.set(total, [...(groups.get(total) ?? []), entry]);
        }
        return groups;
    };
    const ofB = byTotal('b');
    return [...byTotal('a')].flatMap(([total, [a, ...moreOfA]]) => {
        const [b, ...moreOfB] = ofB.get(total) ?? [];
        return a && b && moreOfA.length + moreOfB.length === 0 ? [{ a, b }] : [];
    });
}
