import { readdir } from 'node:fs/promises';
import { type Migration, type MigrationProvider, Migrator } from 'kysely/migration';
import { type MigrationContext, migrationContext } from './columns.ts';
import { type DatabaseConfig, openDatabase } from './database.ts';

/**
 * What a file in `migrations/` exports. Files run once each, in the order of their names; one that has
 * been released never changes. A database is never migrated down.
 *
 * MariaDB keeps what a migration did before it failed, so each statement must bear being run again.
 */
export type Migrate = (context: MigrationContext) => Promise<void>;

const FOLDER = new URL('./migrations/', import.meta.url);

/** Runs the migrations that are missing, after those that another process is running now. Returns their names. */
export async function migrate(config: DatabaseConfig): Promise<string[]> {
  return withMigrator(config, async (migrator) => {
    const { error, results = [] } = await migrator.migrateToLatest();
    if (error) throw error;
    return results.map(({ migrationName }) => migrationName);
  });
}

export interface MigrationState {
  name: string;
  executedAt: Date | undefined;
}

export async function listMigrations(config: DatabaseConfig): Promise<MigrationState[]> {
  return withMigrator(config, async (migrator) =>
    (await migrator.getMigrations()).map(({ name, executedAt }) => ({ name, executedAt })),
  );
}

/** On a connection of its own: waiting for another process, or a long change, is not cut short. */
async function withMigrator<T>(
  config: DatabaseConfig,
  use: (migrator: Migrator) => Promise<T>,
): Promise<T> {
  const database = openDatabase<unknown>({ ...config, poolSize: 2, timeout: 0 });
  const provider: MigrationProvider = {
    getMigrations: async () => {
      const files = (await readdir(FOLDER)).filter((file) => /^\d{4}-[\w-]+\.[jt]s$/.test(file));
      return Object.fromEntries(await Promise.all(files.map(load)));
    },
  };
  const load = async (file: string): Promise<[string, Migration]> => {
    const { up }: { up: Migrate } = await import(new URL(file, FOLDER).href);
    const run: Migration['up'] = (db) => up(migrationContext(config.kind, db));
    return [file.replace(/\.[jt]s$/, ''), { up: run }];
  };
  try {
    return await use(
      new Migrator({
        db: database.db,
        provider,
        migrationTableName: 'tally_migrations',
        migrationLockTableName: 'tally_migrations_lock',
      }),
    );
  } finally {
    await database.close();
  }
}
