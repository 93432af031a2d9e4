import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../../src/database/database.ts';
import { listMigrations, migrate } from '../../src/database/migrate.ts';
import { migrations } from '../../src/migrations.ts';
import { CHEAP_HASHES, expectJson, PASSWORD, send, signIn } from '../helpers/accounts.ts';
import { databaseForTest, describeOnEachDatabase, sqlite } from '../helpers/databases.ts';
import { root } from '../helpers/process.ts';
import { serverForTest } from '../helpers/server.ts';

/**
 * A database of an earlier version, as that version itself has filled it: an administrator `ada@example.com`, a product, a
 * promotion, an order and an image. Files are named after the last number of their migrations, and never change; a
 * release with new migrations adds one.
 */
interface Earlier {
  migrations: string[];
  /** SHA-256 of the statements in `sqlite_master`, by name. */
  schema: string;
  tables: Record<string, Record<string, unknown>[]>;
}

const folder = join(root, 'test/fixtures/upgrades');
const earlier = readdirSync(folder).map((name) => ({
  name: name.replace('.json', ''),
  content: JSON.parse(readFileSync(join(folder, name), 'utf8')) as Earlier,
}));

const only = (names: string[]) =>
  Object.fromEntries(names.map((name) => [name, migrations[name]!]));

/** Bytes are written as `{"hex": "…"}`. */
const restored = (row: Record<string, unknown>) =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => {
      const { hex } = (value ?? {}) as { hex?: string };
      return [name, hex === undefined ? value : Buffer.from(hex, 'hex')];
    }),
  );

async function databaseOf(config: Awaited<ReturnType<typeof databaseForTest>>, content: Earlier) {
  await migrate(config, only(content.migrations));
  const database = openDatabase<Record<string, Record<string, unknown>>>(config);
  const tables = Object.entries(content.tables);
  for (const [table] of tables.toReversed()) await database.db.deleteFrom(table).execute();
  for (const [table, rows] of tables) {
    await database.db.insertInto(table).values(rows.map(restored)).execute();
  }
  await database.close();
}

describeOnEachDatabase('a database of an earlier version', (kind) => {
  it.each(earlier)(
    'with the migrations up to $name is upgraded, and keeps what is in it',
    async ({ content }) => {
      const config = await databaseForTest(kind);
      await databaseOf(config, content);
      const url = kind.kind === 'sqlite' ? `sqlite:${config.location}` : config.location;
      const server = await serverForTest({ ...CHEAP_HASHES, DATABASE_URL: url });
      const pending = (await listMigrations(config, migrations)).filter(
        (state) => !state.executedAt,
      );
      expect(pending).toEqual([]);

      const [account] = content.tables.accounts!;
      const { access_token: token } = await signIn(
        server,
        { username: String(account!.username) },
        PASSWORD,
      );
      const list = async (path: string) =>
        (await expectJson<{ results: object[] }>(send(server, 'GET', path, { token }))).results;
      expect(await list('/orders')).toMatchObject([{ subtotal: 3000, discount: 300, total: 2700 }]);
      expect(await list('/products')).toMatchObject([
        { name: 'Enamel kettle', quantity_in_stock: 7 },
      ]);
      expect(await list('/promotions')).toMatchObject([{ code: 'TEN', percentage: 10 }]);
      expect(await list('/images')).toHaveLength(1);
      const product = content.tables.products![0]!.id;
      const body = { parts: [{ product, quantity_in_order: 7 }] };
      await expectJson(send(server, 'POST', '/orders', { token, body }), 201);
    },
  );
});

describe('migrations that were released', () => {
  it.each(earlier)('up to $name have not changed', async ({ content }) => {
    const config = await databaseForTest(sqlite);
    await migrate(config, only(content.migrations));
    const { db, close } = openDatabase<unknown>(config);
    onTestFinished(close);
    const { rows } = await sql<{ sql: string }>`select sql from sqlite_master
      where sql is not null and name not like 'tally_%' order by name`.execute(db);
    const schema = rows.map((row) => row.sql).join('\n');
    expect(createHash('sha256').update(schema).digest('hex')).toBe(content.schema);
  });
});
