import { type Kysely, sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import { type Database, type DatabaseConfig, type DatabaseKind, openDatabase } from './database.ts';
import { DatabaseUnusable } from './errors.ts';
import { type Migrations, migrationContext } from './migration-context.ts';
import { withMigrationLock } from './migration-lock.ts';

/**
 * Runs the migrations that are missing, after those that another process is running now. Returns their names.
 *
 * @throws {DatabaseUnusable} if another version of Tally has run other migrations
 */
export async function migrate(config: DatabaseConfig, migrations: Migrations): Promise<string[]> {
  return withDatabase(config, (database) =>
    withMigrationLock(database, async (db) => {
      const migrator = migratorOn(config.kind, db, migrations);
      const { error, results = [] } = await migrator.migrateToLatest();
      if (isUnknownHistory(error)) throw new DatabaseUnusable(OTHER_VERSION, error);
      if (error) throw error;
      return results.map(({ migrationName }) => migrationName);
    }),
  );
}

const MIGRATION_TABLE = 'tally_migrations';
const OTHER_VERSION =
  'another version of Tally made its tables; set DATABASE_URL to a new, empty database, or start that version';

/** Kysely gives these errors no code. */
const isUnknownHistory = (error: unknown) =>
  error instanceof Error && error.message.startsWith('corrupted migrations:');

export interface MigrationState {
  name: string;
  executedAt: Date | undefined;
}

/**
 * Lists all migrations in their order, and changes nothing.
 *
 * @throws {DatabaseUnusable} if another version of Tally has run other migrations
 */
export async function listMigrations(
  config: DatabaseConfig,
  migrations: Migrations,
): Promise<MigrationState[]> {
  return withDatabase(config, async ({ db }) => {
    const states = await migratorOn(config.kind, db, migrations).getMigrations();
    const count = await countExecuted(db);
    // As `migrate` does: those that were run are the first ones, and there are no others.
    if (states.slice(0, count).filter(({ executedAt }) => executedAt).length !== count) {
      throw new DatabaseUnusable(OTHER_VERSION);
    }
    return states.map(({ name, executedAt }) => ({ name, executedAt }));
  });
}

/** Counts the migrations that any version of Tally has run. */
async function countExecuted(db: Kysely<unknown>): Promise<number> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  if (!tables.some(({ name }) => name === MIGRATION_TABLE)) return 0;
  const { rows } = await sql`select name from ${sql.table(MIGRATION_TABLE)}`.execute(db);
  return rows.length;
}

/** Opens a database without a time limit, because waiting for another process or a long change may take longer. */
async function withDatabase<T>(
  config: DatabaseConfig,
  use: (database: Database<unknown>) => Promise<T>,
): Promise<T> {
  const database = openDatabase<unknown>({ ...config, poolSize: 2, timeout: 0 });
  try {
    return await use(database);
  } finally {
    await database.close();
  }
}

function migratorOn(kind: DatabaseKind, db: Kysely<unknown>, migrations: Migrations): Migrator {
  const all = Object.entries(migrations).map(([name, up]): [string, Migration] => [
    name,
    { up: (connection) => up(migrationContext(kind, connection)) },
  ]);
  return new Migrator({
    db,
    provider: { getMigrations: async () => Object.fromEntries(all) },
    migrationTableName: MIGRATION_TABLE,
    migrationLockTableName: 'tally_migrations_lock',
  });
}
