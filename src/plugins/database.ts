import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import type { Config } from '../config.ts';
import { type Database, openDatabase } from '../database/database.ts';
import { migrate } from '../database/migrate.ts';
import type { Migrations } from '../database/migration-context.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** What a feature takes as its own: `app.database.as<AccountTables>()`. */
    database: Database<unknown>;
  }
}

/** The database, migrated. The server is ready as long as it accepts writes. */
export const databasePlugin = fp(
  async (
    app: FastifyInstance,
    { config, migrations }: { config: Config; migrations: Migrations },
  ) => {
    const migrated = await migrate(config.database, migrations);
    if (migrated.length > 0) app.log.info({ migrations: migrated }, 'the database is migrated');
    const database = openDatabase<unknown>(config.database);
    app.decorate('database', database);
    app.onReadiness(() => database.check());
    app.addHook('onClose', () => database.close());
  },
  { name: 'database', dependencies: ['health'] },
);
