import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { ConfigError } from '../../src/config-error.ts';
import { openDatabase } from '../../src/database/database.ts';
import { databases, type TestDatabase } from '../helpers/databases.ts';

const PASSWORDS = ['#/@%:?&=+ "\'\\ü', 'plain', '100%23', ' # '];

async function passwordFile(content: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tally-password-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'password'), content);
  return join(folder, 'password');
}

/** Creates a user of a database server, and returns the URL of a database that it may use, without its password. */
async function userWith(database: TestDatabase, password: string): Promise<string> {
  const { url, drop } = await database.create();
  onTestFinished(drop);
  const { db, close } = openDatabase(loadConfig({ DATABASE_URL: url }).database);
  onTestFinished(close);
  const name = new URL(url).pathname.slice(1).replace('test', 'user');
  const user = database.kind === 'mysql' ? `'${name}'@'127.0.0.1'` : name;
  const attribute = database.kind === 'mysql' ? 'identified by' : 'password';
  const literal = password
    .replaceAll("'", "''")
    .replaceAll('\\', database.kind === 'mysql' ? '\\\\' : '\\');
  await sql.raw(`create user ${user} ${attribute} '${literal}'`).execute(db);
  onTestFinished(async () => void (await sql.raw(`drop user ${user}`).execute(db)));
  if (database.kind === 'mysql') await sql.raw(`grant all on *.* to ${user}`).execute(db);
  const own = new URL(url);
  own.username = name;
  return own.href;
}

describe('DATABASE_PASSWORD_FILE', () => {
  it.each(PASSWORDS)('takes the password %j as it is', async (password) => {
    const DATABASE_PASSWORD_FILE = await passwordFile(`${password}\n`);
    const { location } = loadConfig({
      DATABASE_URL: 'postgres://tally@db:5432/tally?sslmode=require',
      DATABASE_PASSWORD_FILE,
    }).database;
    const url = new URL(location);
    expect(decodeURIComponent(url.password)).toBe(password);
    url.password = '';
    expect(url.href).toBe('postgres://tally@db:5432/tally?sslmode=require');
  });

  it.each(databases.filter(({ kind }) => kind !== 'sqlite'))('opens $name', async (database) => {
    const password = PASSWORDS[0]!;
    const DATABASE_URL = await userWith(database, password);
    const open = async (content: string) => {
      const DATABASE_PASSWORD_FILE = await passwordFile(content);
      const { db, close } = openDatabase(
        loadConfig({ DATABASE_URL, DATABASE_PASSWORD_FILE }).database,
      );
      return sql`select 1`.execute(db).finally(close);
    };
    await expect(open(password)).resolves.toBeDefined();
    // The test server of PostgreSQL lets everyone in.
    if (database.kind === 'mysql') await expect(open('wrong')).rejects.toThrow('database');
  });

  it.each([
    ['postgres://tally:secret@db/tally', 'without a password'],
    ['postgres://db/tally', 'with a user'],
  ])('refuses %s', async (DATABASE_URL, reason) => {
    const DATABASE_PASSWORD_FILE = await passwordFile('x');
    expect(() => loadConfig({ DATABASE_URL, DATABASE_PASSWORD_FILE })).toThrow(reason);
  });

  it('refuses a file that is missing', () => {
    const environment = {
      DATABASE_URL: 'mysql://tally@db/tally',
      DATABASE_PASSWORD_FILE: '/nonexistent/password',
    };
    expect(() => loadConfig(environment)).toThrow(ConfigError);
    expect(() => loadConfig(environment)).toThrow(/DATABASE_PASSWORD_FILE: ENOENT/);
  });
});

describe('DATABASE_URL', () => {
  it.each(['p#w', 'p/w', 'p?w', '1/w', 'p%w', '1?@w'])(
    'with the password %s, which is not encoded, is refused with advice',
    (password) => {
      const DATABASE_URL = `postgres://tally:${password}@db/tally`;
      expect(() => loadConfig({ DATABASE_URL })).toThrow(/DATABASE_URL is not a URL.*%23/);
      expect(() => loadConfig({ DATABASE_URL })).not.toThrow(password);
    },
  );

  it.each([
    'postgres://tally:p%23w@db/tally',
    'postgres:///tally?host=/run/postgresql',
    'postgres://tally@/tally?host=/run/postgresql',
    'postgresql://tally:p@w@db:5432/tally',
    'mysql://root@127.0.0.1:3306/mysql',
    'mariadb://u:p@[::1]:3306/db?ssl={"rejectUnauthorized":true}',
  ])('may be %s', (DATABASE_URL) => {
    expect(loadConfig({ DATABASE_URL }).database.location).toBe(DATABASE_URL);
  });
});
