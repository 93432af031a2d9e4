import type { ApiRequestOptions } from './generated/core/ApiRequestOptions.js';

/** The address of the API, without the slash at its end. In a page it may be relative. */
export function parseBaseUrl(baseUrl: string | URL): string {
  const { location } = globalThis as { location?: { href: string } };
  const url = parse(baseUrl, location?.href);
  // A message with the address would show the password in it.
  if (!url || !/^https?:$/.test(url.protocol))
    throw new TypeError('baseUrl is not an HTTP address');
  if (url.username || url.password) throw new TypeError('baseUrl must not hold credentials');
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}

function parse(address: string | URL, base: string | undefined): URL | undefined {
  try {
    return new URL(address, base);
  } catch {
    return undefined;
  }
}

/** The scheme and host of an address; undefined if it has none. */
export function originOf(address: string, base: string): string | undefined {
  const url = parse(address, base || undefined);
  return url?.host ? url.origin : undefined;
}

export function buildUrl(base: string, { url, path, query }: ApiRequestOptions): string {
  const filled = url.replace(/\{(.*?)\}/g, (_, name: string) => pathSegment(name, path?.[name]));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) appendQuery(search, name, value);
  return search.size > 0 ? `${base}${filled}?${search}` : `${base}${filled}`;
}

/** A parameter stays one segment: URL parsers take dots, also encoded ones, for steps in the tree. */
function pathSegment(name: string, value: unknown): string {
  const text = value === undefined || value === null ? '' : String(value);
  if (text === '' || text === '.' || text === '..') {
    throw new TypeError(`The path parameter "${name}" must not be empty, "." or ".."`);
  }
  return encodeURIComponent(text);
}

/** Arrays become one pair for each member; what is not given is left out. */
function appendQuery(search: URLSearchParams, name: string, value: unknown): void {
  if (value === undefined || value === null) return;
  if (Array.isArray(value)) {
    for (const member of value) appendQuery(search, name, member);
  } else {
    search.append(name, value instanceof Date ? value.toISOString() : String(value));
  }
}
