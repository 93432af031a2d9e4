const SCHEME_AND_AUTHORITY = /^[a-z][a-z\d+.-]*:\/\/[^/?#]*/i;

/**
 * Returns the path and query of a request target. The host, and perhaps a password, of the absolute form (RFC
 * 9112 section 3.2.2) are ignored, and so reach neither links nor logs.
 */
export function pathAndQuery(target: string): string {
  const rest = target.replace(SCHEME_AND_AUTHORITY, '');
  return rest === target || rest.startsWith('/') ? rest : `/${rest}`;
}
