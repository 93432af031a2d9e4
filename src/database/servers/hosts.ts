/** One of the servers that a URL names. */
export interface Host {
  /** The address as it is in the URL, for errors. */
  name: string;
  url: string;
}

/** Splits a URL with several hosts, in the form of libpq (`postgres://user@a:5432,b:5433/name`), into one URL for each. */
export function hostsOf(url: string): Host[] {
  const [, start = '', hosts = '', rest = ''] =
    /^(\w+:\/\/(?:[^/?]*@)?)([^/?@]*)(.*)$/s.exec(url) ?? [];
  return hosts.split(',').map((name) => ({ name, url: start + name + rest }));
}
