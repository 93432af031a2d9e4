import { describe, onTestFinished } from 'vitest';
import { type Config, loadConfig } from '../../src/config.ts';
import { migrate } from '../../src/database/migrate.ts';
import { migrations } from '../../src/migrations.ts';
import { needing } from './needs.ts';
import { allDatabases, type TestDatabase } from './test-databases.ts';

export { databases, sqlite, type TestDatabase } from './test-databases.ts';

/**
 * Runs a suite of tests on each database. `$name` in the title is that of the database, which is added by default. The
 * tests of a server that is missing are skipped, and say so.
 */
export function describeOnEachDatabase(title: string, suite: Suite): void {
  for (const database of allDatabases) describeOn(database, title, suite);
}

/** Runs a suite of tests on each database that is a server, as {@link describeOnEachDatabase} does. */
export function describeOnEachServer(title: string, suite: Suite): void {
  for (const database of allDatabases) {
    if (database.kind !== 'sqlite') describeOn(database, title, suite);
  }
}

type Suite = (database: TestDatabase) => void;

function describeOn(database: TestDatabase, title: string, suite: Suite): void {
  const { name, missing } = database;
  const full = title.includes('$name') ? title.replace('$name', name) : `${title} on ${name}`;
  describe.skipIf(missing !== undefined)(needing(full, missing), () => suite(database));
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
