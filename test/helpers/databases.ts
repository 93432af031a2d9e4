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

/** Creates an empty database, dropped when the test that calls it ends, and returns its configuration. */
export async function databaseForTest(database: TestDatabase): Promise<Config['database']> {
  const { url, drop } = await database.create();
  onTestFinished(drop);
  return loadConfig({ DATABASE_URL: url }).database;
}

/** Creates a database as {@link databaseForTest} does, with all tables. */
export async function migratedDatabaseForTest(database: TestDatabase): Promise<Config['database']> {
  const config = await databaseForTest(database);
  await migrate(config, migrations);
  return config;
}
