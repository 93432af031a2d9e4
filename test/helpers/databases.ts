import { describe, onTestFinished } from 'vitest';
import { type Config, loadConfig } from '../../src/config.ts';
import { migrate } from '../../src/database/migrate.ts';
import { migrations } from '../../src/migrations.ts';
import { databases, type TestDatabase } from './test-databases.ts';

export { databases, sqlite, type TestDatabase } from './test-databases.ts';

/** Runs a suite of tests on each database. */
export function describeOnEachDatabase(
  title: string,
  suite: (database: TestDatabase) => void,
): void {
  for (const database of databases) describe(`${title} on ${database.name}`, () => suite(database));
}

/** An empty database until the test that calls it ends, as the configuration of a server. */
export async function databaseForTest(database: TestDatabase): Promise<Config['database']> {
  const { url, drop } = await database.create();
  onTestFinished(drop);
  return loadConfig({ DATABASE_URL: url }).database;
}

/** As {@link databaseForTest}, with all tables. */
export async function migratedDatabaseForTest(database: TestDatabase): Promise<Config['database']> {
  const config = await databaseForTest(database);
  await migrate(config, migrations);
  return config;
}
