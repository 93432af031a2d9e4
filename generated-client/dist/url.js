/** Returns the address of the API without a trailing slash. In a page it may be relative. */
export function parseBaseUrl(baseUrl) {
    const { location } = globalThis;
    const url = parse(baseUrl, location?.href);
    // The messages leave out the address, which may hold a password.
    if (!url || !/^https?:$/.test(url.protocol))
        throw new TypeError('baseUrl is not an HTTP address such as http://localhost:8000');
    if (url.username || url.password)
        throw new TypeError('baseUrl must not hold credentials');
    return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}
function parse(address, base) {
    try {
        return new URL(address, base);
    }
    catch {
        return undefined;
    }
}
/** Returns the scheme and host of an address, or undefined if it has none. */
export function originOf(address, base) {
    const url = parse(address, base || undefined);
    return url?.host ? url.origin : undefined;
}
export function buildUrl(base, { url, path, query }) {
    const filled = url.replace(/\{(.*?)\}/g, (_, name) => pathSegment(name, path?.[name]));
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(query ?? {}))
        appendQuery(search, name, value);
    return `${base}${filled}${search.size > 0 ? `?${search}` : ''}`;
}
/** Refuses dots, because URL parsers take them, even encoded, for steps in the tree. */
function pathSegment(name, value) {
    const text = String(value ?? '');
    if (/^\.{0,2}$/.test(text)) {
        throw new TypeError(`The path parameter "${name}" must not be empty, "." or ".."`);
    }
    return encodeURIComponent(text);
}
/** Adds one pair for each member of an array, and none for undefined or null. */
function appendQuery(search, name, value) {
    for (const member of [value].flat()) {
        if (member === undefined || member === null)
            continue;
        search.append(name, member instanceof Date ? member.toISOString() : String(member));
    }
}
