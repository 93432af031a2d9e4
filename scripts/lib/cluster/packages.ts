import { existsSync, globSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Programs of the cluster, by the Debian package that has them. */
const PROGRAMS = {
  nginx: 'nginx',
  openssl: 'openssl',
  'redis-server': 'redis-server',
  memcached: 'memcached',
  curl: 'curl',
  'swift-proxy': 'swift-proxy-server',
  'swift-account': 'swift-account-server',
  'swift-container': 'swift-container-server',
  'swift-object': 'swift-object-server',
  'python3-swift': 'swift-ring-builder',
};

/** Folders of Debian's servers, which an ordinary user's PATH may lack. */
const SYSTEM_FOLDERS = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

/** Returns the Debian packages without which no cluster starts, of programs on the path of an environment. */
export function findMissingPackages(path: string): string[] {
  const folders = pathWithSystemFolders(path).split(delimiter);
  const missing = Object.entries(PROGRAMS)
    .filter(([, program]) => !folders.some((folder) => existsSync(join(folder, program))))
    .map(([name]) => name);
  return findPostgres() === undefined ? ['postgresql', ...missing] : missing;
}

/** Returns a PATH on which servers are found, also for an ordinary user. */
export function pathWithSystemFolders(path: string): string {
  return [path, ...SYSTEM_FOLDERS].join(delimiter);
}

/** Returns the folder with the programs of the newest PostgreSQL; Debian keeps them off the path. */
export function findPostgres(): string | undefined {
  const folders = globSync('/usr/lib/postgresql/*/bin').filter((folder) =>
    existsSync(join(folder, 'initdb')),
  );
  return folders.sort((a, b) => a.localeCompare(b, 'en', { numeric: true })).at(-1);
}
