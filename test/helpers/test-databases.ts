import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import pg from 'pg';
import type { DatabaseKind } from '../../src/database/database.ts';

/** A database that Tally runs on. */
export interface TestDatabase {
  name: string;
  kind: DatabaseKind;
  /** Names the server and the setting for it, where tests have no such server. */
  missing?: string;
  /** Creates an empty database; `url` is its DATABASE_URL. */
  create(): Promise<{ url: string; drop(): Promise<void> }>;
}

const freshName = () => `tally_test_${randomBytes(6).toString('hex')}`;

export const sqlite: TestDatabase = {
  name: 'SQLite',
  kind: 'sqlite',
  async create() {
    const folder = await mkdtemp(join(tmpdir(), 'tally-database-'));
    return {
      url: `sqlite:${join(folder, 'tally.db')}`,
      drop: () => rm(folder, { recursive: true }),
    };
  },
};

function onServer(
  name: string,
  kind: DatabaseKind,
  server: string,
  run: (statement: string) => Promise<void>,
): TestDatabase {
  return {
    name,
    kind,
    async create() {
      const database = freshName();
      await run(`create database ${database}`);
      const url = new URL(server);
      url.pathname = `/${database}`;
      return { url: url.href, drop: () => run(`drop database ${database}`) };
    },
  };
}

const postgres = (server: string) =>
  onServer('PostgreSQL', 'postgres', server, async (statement) => {
    const client = new pg.Client({ connectionString: server });
    await client.connect();
    await client.query(statement.startsWith('drop') ? `${statement} with (force)` : statement);
    await client.end();
  });

const mysql = (server: string) =>
  onServer('MySQL or MariaDB', 'mysql', server, async (statement) => {
    const connection = await createConnection(server.replace(/^mariadb:/, 'mysql:'));
    await connection.query(statement);
    await connection.end();
  });

const { TEST_POSTGRES_URL, TEST_MYSQL_URL, TEST_ALL_DATABASES } = process.env;
if (TEST_ALL_DATABASES && !(TEST_POSTGRES_URL && TEST_MYSQL_URL)) {
  throw new Error('TEST_ALL_DATABASES needs TEST_POSTGRES_URL and TEST_MYSQL_URL');
}

function without(name: string, kind: DatabaseKind, setting: string): TestDatabase {
  const missing = `${name} at ${setting}`;
  const create = () => Promise.reject(new Error(`this test needs ${missing}`));
  return { name, kind, missing, create };
}

/** SQLite, and the servers that TEST_POSTGRES_URL and TEST_MYSQL_URL should name. */
export const allDatabases: TestDatabase[] = [
  sqlite,
  TEST_POSTGRES_URL
    ? postgres(TEST_POSTGRES_URL)
    : without('PostgreSQL', 'postgres', 'TEST_POSTGRES_URL'),
  TEST_MYSQL_URL ? mysql(TEST_MYSQL_URL) : without('MySQL or MariaDB', 'mysql', 'TEST_MYSQL_URL'),
];

/** SQLite, and the servers that there are. */
export const databases = allDatabases.filter(({ missing }) => missing === undefined);
