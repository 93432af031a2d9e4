const SCHEME_AND_AUTHORITY = /^[a-z][a-z\d+.-]*:\/\/[^/?#]*/i;

/**
 * Returns the path and query of a request target. In the absolute form (RFC 9112 section 3.2.2) the client
 * names a host, and perhaps a password, before them; neither counts here, nor goes into links or logs.
 */
export function pathAndQuery(target: string): string {
  const rest = target.replace(SCHEME_AND_AUTHORITY, '');
  return rest === target || rest.startsWith('/') ? rest : `/${rest}`;
}
