import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import type { Config } from '../config.ts';
import { type Database, openDatabase } from '../database/database.ts';
import { migrate } from '../database/migrate.ts';
import type { Migrations } from '../database/migration-context.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** The database; `app.database.as<AccountTables>()` gives a feature the types of its tables. */
    database: Database<unknown>;
  }
}

/** Migrates and provides the database. The server is ready while the database accepts writes. */
export const databasePlugin = fp(
  async (
    app: FastifyInstance,
    { config, migrations }: { config: Config; migrations: Migrations },
  ) => {
    const migrated = await migrate(config.database, migrations);
    if (migrated.length > 0) app.log.info({ migrations: migrated }, 'the database is migrated');
    const database = openDatabase<unknown>(config.database);
    app.decorate('database', database);
    app.readiness.add('database', () => database.check());
    app.addHook('onClose', () => database.close());
  },
  { name: 'database', dependencies: ['health'] },
);
