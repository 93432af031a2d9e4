import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ConfigError, readSetting } from '../config-error.ts';
import { count, divided, seconds, text, type Values } from '../setting-types.ts';
import type { DatabaseConfig } from './database.ts';
import { hostsOf } from './servers/hosts.ts';

export const databaseVariables = {
  DATABASE_URL: text(
    'sqlite:FILE (in DATA_DIR unless absolute), postgres://USER:PASSWORD@HOST/NAME or mysql://USER:PASSWORD@HOST/NAME, which is for MariaDB too; of several hosts, HOST:PORT,HOST:PORT, one that accepts writes is used',
    'sqlite:tally.db',
    '^(sqlite:.*[^/]|(postgres|postgresql)://.+|(mysql|mariadb)://[^/]+/[^/?]+.*)$',
    'be sqlite:FILE, postgres://USER:PASSWORD@HOST/NAME or mysql://USER:PASSWORD@HOST/NAME',
  ),
  DATABASE_PASSWORD_FILE: text(
    'file with the password of the user in DATABASE_URL, which then has none; of any characters, where a URL needs %23 for #',
  ),
  DATABASE_POOL_SIZE: divided(count('most connections to a database server', 10, 1, 1000)),
  DATABASE_TIMEOUT: seconds(
    'longest time of one statement on a database server; two seconds later the connection is given up',
    10,
  ),
};

type DatabaseEnvironment = Values<typeof databaseVariables>;

/** @throws {ConfigError} if the URL or the password file cannot be read, or they do not go together */
export function toDatabaseSettings(env: DatabaseEnvironment, dataDir: string): DatabaseConfig {
  const [, scheme = '', rest = ''] = /^(\w+):(.*)$/s.exec(env.DATABASE_URL) ?? [];
  const common = { poolSize: env.DATABASE_POOL_SIZE, timeout: env.DATABASE_TIMEOUT * 1000 };
  if (scheme === 'sqlite') {
    return { kind: 'sqlite', location: resolve(dataDir, rest.replace(/^\/\//, '')), ...common };
  }
  const kind = scheme.startsWith('postgres') ? 'postgres' : 'mysql';
  return { kind, location: serverUrl(env), ...common };
}

function serverUrl({ DATABASE_URL, DATABASE_PASSWORD_FILE }: DatabaseEnvironment): string {
  if (!isUrl(DATABASE_URL)) {
    throw new ConfigError(
      'DATABASE_URL is not a URL; percent-encode special characters of its password, such as # as %23, or put the password into DATABASE_PASSWORD_FILE',
    );
  }
  checkTarget(DATABASE_URL);
  checkTls(DATABASE_URL);
  if (!DATABASE_PASSWORD_FILE) return DATABASE_URL;
  const [, user, rest] = /^(\w+:\/\/[^:@/?]+)(@.*)$/s.exec(DATABASE_URL) ?? [];
  if (user === undefined) {
    throw new ConfigError(
      'DATABASE_PASSWORD_FILE needs a DATABASE_URL with a user and without a password, such as postgres://tally@localhost/tally',
    );
  }
  const advice = 'set it to a file that this user may read';
  const password = readSetting('DATABASE_PASSWORD_FILE', advice, () =>
    readFileSync(DATABASE_PASSWORD_FILE, 'utf8').replace(/\r?\n$/, ''),
  );
  return `${user}:${encodeURIComponent(password)}${rest}`;
}

/** Values of libpq's `target_session_attrs` that a program which writes can have; they mean the same to Tally. */
const TARGETS = ['read-write', 'primary'];

function checkTarget(url: string): void {
  const target = /[?&]target_session_attrs=([^&]*)/.exec(url)?.[1];
  if (target !== undefined && !TARGETS.includes(target)) {
    throw new ConfigError(
      'target_session_attrs in DATABASE_URL must be read-write or primary, or be left out: Tally writes to its database',
    );
  }
}

const TLS_MODES = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full', 'no-verify'];

/** Refuses what a driver would ignore, and connect without TLS. */
function checkTls(url: string): void {
  const [host] = hostsOf(url);
  const { searchParams } = new URL(host!.url.replace('@/', '@localhost/'));
  const mode = searchParams.get('sslmode');
  if (url.startsWith('postgres')) {
    if (mode === null || TLS_MODES.includes(mode)) return;
    throw new ConfigError(`sslmode in DATABASE_URL must be one of ${TLS_MODES.join(', ')}`);
  }
  const ignored = ['sslmode', 'ssl-mode', 'sslrootcert'].some((name) => searchParams.has(name));
  if (!ignored && isTlsOfMysql(searchParams.get('ssl'))) return;
  throw new ConfigError(
    'DATABASE_URL asks for TLS in a way that MySQL and MariaDB do not have: write ssl={"verifyIdentity":true}, and name the file of a private authority in NODE_EXTRA_CA_CERTS',
  );
}

/** Accepts an object of options, and the only profile that the driver has. */
function isTlsOfMysql(ssl: string | null): boolean {
  if (ssl === null || ssl === 'Amazon RDS') return true;
  try {
    return ssl.startsWith('{') && Boolean(JSON.parse(ssl));
  } catch {
    return false;
  }
}

/** Tells if each host's URL is read as it is meant. */
function isUrl(text: string): boolean {
  const hosts = hostsOf(text);
  return hosts.every(({ name, url }) => isUrlOfOne(url) && (name !== '' || hosts.length === 1));
}

/** Tells if a URL is read as it is meant: a "#", "/" or "?" in a password would end the address early. */
function isUrlOfOne(text: string): boolean {
  // A URL of PostgreSQL may have a user and no host: that is in its query then.
  const url = URL.parse(text.replace('@/', '@localhost/'));
  if (!url || text.includes('#') || (url.pathname + url.search).includes('@')) return false;
  try {
    decodeURIComponent(url.username + url.password);
    return true;
  } catch {
    return false;
  }
}
