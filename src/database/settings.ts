import { resolve } from 'node:path';
import { count, seconds, text, type Values } from '../setting-types.ts';
import type { DatabaseConfig } from './database.ts';

export const databaseVariables = {
  DATABASE_URL: text(
    'sqlite:FILE (in DATA_DIR unless absolute), postgres://USER:PASSWORD@HOST/NAME or mysql://USER:PASSWORD@HOST/NAME, which is for MariaDB too',
    'sqlite:tally.db',
    '^(sqlite:.*[^/]|(postgres|postgresql)://.+|(mysql|mariadb)://[^/]+/[^/?]+.*)$',
  ),
  DATABASE_POOL_SIZE: count('most connections to a database server', 10, 1, 1000),
  DATABASE_TIMEOUT: seconds('longest time of one statement on a database server', 10),
};

export function toDatabaseSettings(
  env: Values<typeof databaseVariables>,
  dataDir: string,
): DatabaseConfig {
  const [, scheme = '', rest = ''] = /^(\w+):(.*)$/s.exec(env.DATABASE_URL) ?? [];
  const common = { poolSize: env.DATABASE_POOL_SIZE, timeout: env.DATABASE_TIMEOUT * 1000 };
  if (scheme === 'sqlite') {
    return { kind: 'sqlite', location: resolve(dataDir, rest.replace(/^\/\//, '')), ...common };
  }
  const kind = scheme.startsWith('postgres') ? 'postgres' : 'mysql';
  return { kind, location: env.DATABASE_URL, ...common };
}
