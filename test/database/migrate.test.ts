import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { sql } from 'kysely';
import { expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../../src/database/database.ts';
import { listMigrations, migrate } from '../../src/database/migrate.ts';
import type { AccountTables } from '../../src/features/accounts/tables.ts';
import type { ShopTables } from '../../src/features/shop/tables.ts';
import { databaseForTest, describeOnEachDatabase } from '../helpers/databases.ts';

const PRODUCT = {
  id: '0199a1f0-3c5e-7b1a-9f5e-2f6f0f1c7d3a',
  name: 'Straße',
  description: '',
  sku: null,
  category: null,
  price: 1,
  currency: 'EUR',
  quantity_in_stock: 0,
  photos: '[]',
  version: 1,
  created_at: 1,
  updated_at: 1,
};

const ACCOUNT = {
  username: null,
  email: null,
  email_key: null,
  first_name: '',
  last_name: '',
  role: 'user',
  tier: 'basic',
  password_hash: null,
  created_at: 1,
  disabled_at: null,
  deleted_at: null,
};

const COMMAND = new URL('../../src/commands/migrate.ts', import.meta.url).pathname;

async function runCommand(url: string, ...args: string[]) {
  const child = spawn(process.execPath, [COMMAND, ...args], {
    env: { ...process.env, DATABASE_URL: url },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
    });
  }
  const [code] = await once(child, 'close');
  return { code, output };
}

describeOnEachDatabase('migrations', (kind) => {
  it('run once each, in order', async () => {
    const config = await databaseForTest(kind);
    const before = await listMigrations(config);
    expect(before.length).toBeGreaterThan(0);
    expect(before.every(({ executedAt }) => executedAt === undefined)).toBe(true);
    expect(await migrate(config)).toEqual(before.map(({ name }) => name).toSorted());
    expect(await migrate(config)).toEqual([]);
    const after = await listMigrations(config);
    expect(after.every(({ executedAt }) => executedAt instanceof Date)).toBe(true);
  });

  it('run once where several replicas start at once', async () => {
    const config = await databaseForTest(kind);
    const runs = await Promise.all(Array.from({ length: 8 }, () => migrate(config)));
    const names = (await listMigrations(config)).map(({ name }) => name);
    expect(runs.flat().toSorted()).toEqual(names.toSorted());
  });

  it('run once where several processes start at once, and are shown', async () => {
    const { location, kind: dialect } = await databaseForTest(kind);
    const url = dialect === 'sqlite' ? `sqlite:${location}` : location;
    expect((await runCommand(url)).output).toMatch(/^0001-accounts {2}missing$/m);
    const runs = await Promise.all(Array.from({ length: 4 }, () => runCommand(url, '--run')));
    for (const { code, output } of runs) {
      expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining('0001') });
      expect(output).not.toContain('missing');
    }
  });

  it('enter words again that searches compare otherwise', async () => {
    const config = await databaseForTest(kind);
    await migrate(config);
    const database = openDatabase<ShopTables>(config);
    onTestFinished(() => database.close());
    const { db } = database;
    await db.insertInto('products').values(PRODUCT).execute();
    const before = ['straße', 'σοφος', 'ßς', 'strasse', 'plain'];
    const rows = before.map((word) => ({ word, product_id: PRODUCT.id }));
    await db.insertInto('product_words').values(rows).execute();
    for (let run = 0; run < 2; run++) {
      await sql`delete from tally_migrations where name >= '0006'`.execute(db);
      expect(await migrate(config)).toContain('0006-shop-words');
      const words = await db.selectFrom('product_words').select('word').orderBy('word').execute();
      expect(words.map(({ word }) => word)).toEqual(['plain', 'ssσ', 'strasse', 'σοφοσ']);
    }
  });

  it('fold what searches for accounts look into again', async () => {
    const config = await databaseForTest(kind);
    await migrate(config);
    const database = openDatabase<AccountTables>(config);
    onTestFinished(() => database.close());
    const { db } = database;
    const texts = ['groß', 'νικος', 'plain'];
    for (const [index, search_text] of texts.entries()) {
      await db
        .insertInto('accounts')
        .values({
          ...ACCOUNT,
          id: String(index),
          username_key: Buffer.alloc(32, index),
          search_text,
        })
        .execute();
    }
    await sql`delete from tally_migrations where name >= '0010'`.execute(db);
    expect(await migrate(config)).toContain('0010-account-search');
    const rows = await db.selectFrom('accounts').select('search_text').orderBy('id').execute();
    expect(rows.map(({ search_text }) => search_text)).toEqual(['gross', 'νικοσ', 'plain']);
  });

  it('go on after one that was broken off', async () => {
    const config = await databaseForTest(kind);
    await migrate(config);
    const database = openDatabase<unknown>(config);
    // As if the process had ended before the last of its statements was recorded.
    await sql`delete from tally_migrations`.execute(database.db);
    await database.close();
    expect(await migrate(config)).toContain('0001-accounts');
  });
});
