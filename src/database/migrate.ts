import { type Migration, Migrator } from 'kysely/migration';
import { type DatabaseConfig, openDatabase } from './database.ts';
import { DatabaseUnusable } from './errors.ts';
import { type Migrations, migrationContext } from './migration-context.ts';

/**
 * Runs the migrations that are missing, after those that another process is running now. Returns their names.
 *
 * @throws {DatabaseUnusable} if another version of Tally has run other migrations
 */
export async function migrate(config: DatabaseConfig, migrations: Migrations): Promise<string[]> {
  return withMigrator(config, migrations, async (migrator) => {
    const { error, results = [] } = await migrator.migrateToLatest();
    if (isUnknownHistory(error)) throw new DatabaseUnusable(OTHER_VERSION, error);
    if (error) throw error;
    return results.map(({ migrationName }) => migrationName);
  });
}

const OTHER_VERSION =
  'another version of Tally made its tables; set DATABASE_URL to a new, empty database, or start that version';

/** Kysely gives these errors no code. */
const isUnknownHistory = (error: unknown) =>
  error instanceof Error && error.message.startsWith('corrupted migrations:');

export interface MigrationState {
  name: string;
  executedAt: Date | undefined;
}

export async function listMigrations(
  config: DatabaseConfig,
  migrations: Migrations,
): Promise<MigrationState[]> {
  return withMigrator(config, migrations, async (migrator) =>
    (await migrator.getMigrations()).map(({ name, executedAt }) => ({ name, executedAt })),
  );
}

/** Opens a connection without a time limit, because waiting for another process or a long change may take longer. */
async function withMigrator<T>(
  config: DatabaseConfig,
  migrations: Migrations,
  use: (migrator: Migrator) => Promise<T>,
): Promise<T> {
  const database = openDatabase<unknown>({ ...config, poolSize: 2, timeout: 0 });
  const all = Object.entries(migrations).map(([name, up]): [string, Migration] => [
    name,
    { up: (db) => up(migrationContext(config.kind, db)) },
  ]);
  try {
    return await use(
      new Migrator({
        db: database.db,
        provider: { getMigrations: async () => Object.fromEntries(all) },
        migrationTableName: 'tally_migrations',
        migrationLockTableName: 'tally_migrations_lock',
      }),
    );
  } finally {
    await database.close();
  }
}
