import { sql } from 'kysely';
import { expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../../src/database/database.ts';
import { listMigrations, migrate } from '../../src/database/migrate.ts';
import { migrations } from '../../src/migrations.ts';
import {
  databaseForTest,
  describeOnEachDatabase,
  migratedDatabaseForTest,
} from '../helpers/databases.ts';
import { runToEnd } from '../helpers/process.ts';

function runCommand(url: string, ...args: string[]) {
  const command = ['src/commands/migrate.ts', ...args];
  return runToEnd(process.execPath, command, { DATABASE_URL: url });
}

describeOnEachDatabase('migrations', (kind) => {
  it('run once each, in order', async () => {
    const config = await databaseForTest(kind);
    const before = await listMigrations(config, migrations);
    expect(before.length).toBeGreaterThan(0);
    expect(before.every(({ executedAt }) => executedAt === undefined)).toBe(true);
    expect(await migrate(config, migrations)).toEqual(before.map(({ name }) => name).toSorted());
    expect(await migrate(config, migrations)).toEqual([]);
    const after = await listMigrations(config, migrations);
    expect(after.every(({ executedAt }) => executedAt instanceof Date)).toBe(true);
  });

  it('run once where several replicas start at once', async () => {
    const config = await databaseForTest(kind);
    const runs = await Promise.all(Array.from({ length: 8 }, () => migrate(config, migrations)));
    const names = (await listMigrations(config, migrations)).map(({ name }) => name);
    expect(runs.flat().toSorted()).toEqual(names.toSorted());
  });

  it('run once where several processes start at once, and are shown', async () => {
    const { location, kind: dialect } = await databaseForTest(kind);
    const url = dialect === 'sqlite' ? `sqlite:${location}` : location;
    expect((await runCommand(url)).stdout).toMatch(/^0001-accounts {2}missing$/m);
    const runs = await Promise.all(Array.from({ length: 4 }, () => runCommand(url, '--run')));
    for (const { code, stdout, stderr } of runs) {
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toContain('0001');
      expect(stdout).not.toContain('missing');
    }
  });

  it('refuse tables that another version has made', async () => {
    const config = await migratedDatabaseForTest(kind);
    const database = openDatabase<unknown>(config);
    onTestFinished(() => database.close());
    for (const name of ['0002-shop', '9999-of-tomorrow']) {
      await sql`update tally_migrations set name = ${name} where name = '0001-shop'`.execute(
        database.db,
      );
      for (const use of [migrate, listMigrations]) {
        await expect(use(config, migrations)).rejects.toThrow(
          /^the database at DATABASE_URL cannot be used: another version .* set DATABASE_URL to/,
        );
      }
      await sql`update tally_migrations set name = '0001-shop' where name = ${name}`.execute(
        database.db,
      );
    }
    expect(await migrate(config, migrations)).toEqual([]);
  });

  it('go on after one that was broken off', async () => {
    const config = await migratedDatabaseForTest(kind);
    const database = openDatabase<unknown>(config);
    // As if the process had ended before the last of its statements was recorded.
    await sql`delete from tally_migrations`.execute(database.db);
    await database.close();
    expect(await migrate(config, migrations)).toContain('0001-accounts');
  });
});
