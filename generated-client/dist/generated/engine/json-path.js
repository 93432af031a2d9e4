// Copied from src/features/sum/engine by scripts/generate-client. Do not edit: change the original, and run it again.
/**
 * Paths of places in a document: a JSONPath (RFC 9535) in which every array index is `[*]`, in one spelling for each.
 */
/** The segment `[*]`: all elements of an array, or all members of an object that is collapsed. */
export const ANY = null;
/** A text that is no path of such a place. */
class InvalidPath extends Error {
    name = 'InvalidPath';
    path;
    constructor(path) {
        super(`${JSON.stringify(path)} is not a path such as $.orders[*].lines or $['two words']`);
        this.path = path;
    }
}
/** The shorthand of a name, RFC 9535 section 2.5.1.1. */
const SHORTHAND = /^[A-Za-z_\u0080-\ud7ff\ue000-\u{10ffff}][\w\u0080-\ud7ff\ue000-\u{10ffff}]*$/u;
/** Characters and the letters that spell them behind a backslash, RFC 9535 section 2.7. */
const ESCAPES = {
    '\b': 'b',
    '\t': 't',
    '\n': 'n',
    '\f': 'f',
    '\r': 'r',
    "'": "'",
    '\\': '\\',
};
/** Returns the spelling of one segment, to be appended to the path of the place around it. */
function formatSegment(segment) {
    if (segment === ANY)
        return '[*]';
    return SHORTHAND.test(segment) ? `.${segment}` : `['${segment.replace(UNSAFE, spellEscape)}']`;
}
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is escaped
const UNSAFE = /[\u0000-\u001f'\\]/g;
function spellEscape(character) {
    const code = character.charCodeAt(0).toString(16).padStart(4, '0');
    return `\\${ESCAPES[character] ?? `u${code}`}`;
}
/** Returns the one spelling of a path. */
export function formatPath(segments) {
    return `$${segments.map(formatSegment).join('')}`;
}
/** One segment: `.name`, `[*]`, or a name in brackets and single or double quotes. */
const SEGMENT = /\.([A-Za-z_\u0080-\ud7ff\ue000-\u{10ffff}][\w\u0080-\ud7ff\ue000-\u{10ffff}]*)|\[\*\]|\['((?:[^'\\]|\\.)*)'\]|\["((?:[^"\\]|\\.)*)"\]/uy;
/** The characters of all letters behind a backslash, RFC 9535 section 2.3.1.1. */
const ESCAPED = new Map([
    ...Object.entries(ESCAPES).map(([character, letter]) => [letter, character]),
    ['/', '/'],
    ['"', '"'],
]);
/**
 * Returns the segments of a path behind its `$`.
 *
 * @throws {InvalidPath}
 */
export function parsePath(path) {
    if (path[0] !== '$')
        throw new InvalidPath(path);
    const segments = [];
    for (let at = 1; at < path.length;) {
        SEGMENT.lastIndex = at;
        const [text, name, single, double] = SEGMENT.exec(path) ?? [];
        if (text === undefined)
            throw new InvalidPath(path);
        const quoted = single ?? double;
        segments.push(name ?? (quoted === undefined ? ANY : unescapeName(quoted, path)));
        at += text.length;
    }
    return segments;
}
/** Returns the characters of a quoted name. */
function unescapeName(quoted, path) {
    return quoted.replace(/\\(?:u([0-9A-Fa-f]{4})|(.))/gsu, (_, code, letter) => {
        const character = code
            ? String.fromCharCode(Number.parseInt(code, 16))
            : ESCAPED.get(letter ?? '');
        if (character === undefined)
            throw new InvalidPath(path);
        return character;
    });
}
/**
 * Returns a function that spells the paths of nodes, given their names and the nodes around them; the parent of the
 * root is 0. It keeps the paths of the nodes around those that it was asked for.
 */
export function createPathReader(nameOf, parentOf) {
    const known = new Map();
    function spell(node) {
        const segments = [];
        let at = node;
        while (parentOf(at) && !known.has(at)) {
            segments.push(formatSegment(nameOf(at)));
            at = parentOf(at);
        }
        return (known.get(at) ?? '$') + segments.reverse().join('');
    }
    return (node) => {
        const parent = parentOf(node);
        if (!parent)
            return '$';
        if (!known.has(parent))
            known.set(parent, spell(parent));
        return known.get(parent) + formatSegment(nameOf(node));
    };
}
/** Sorts by the bytes of the paths in UTF-8. */
export function sortByBytes(entries) {
    // Strings are compared by UTF-16 units, in which surrogates come before U+E000, and in UTF-8 behind U+FFFF.
    const isPlain = entries.every(({ path }) => !/[\ud800-\udfff]/.test(path));
    return entries.sort((a, b) => isPlain ? (a.path < b.path ? -1 : 1) : compareCharacters(a.path, b.path));
}
function compareCharacters(a, b) {
    let at = 0;
    while (at < a.length && a[at] === b[at])
        at++;
    const isBehindHalf = at > 0 && (a.charCodeAt(at - 1) & 0xfc00) === 0xd800;
    return (isBehindHalf && compareAt(a, b, at - 1)) || compareAt(a, b, at);
}
function compareAt(a, b, at) {
    return (a.codePointAt(at) ?? -1) - (b.codePointAt(at) ?? -1);
}
