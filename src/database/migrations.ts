import { type MigrationContext, type Migrations, primary, required } from './migration-context.ts';
import type { ReadinessTables } from './readiness.ts';

/** Tables that no feature owns. */
export const databaseMigrations: Migrations = {
  '0001-database': async (context) => {
    await createLeases(context);
    const { types, createTable, insertMissing } = context;
    await createTable('readiness')
      .addColumn('id', types.integer, primary)
      .addColumn('checked_at', types.integer, required)
      .execute();
    await insertMissing<ReadinessTables, 'readiness'>('readiness', 'id', [
      { id: 1, checked_at: 0 },
    ]);
  },
};

/** Creates the table of leases, which the migrations themselves need on some databases. */
export async function createLeases({ types, createTable }: MigrationContext): Promise<void> {
  await createTable('leases')
    .addColumn('name', types.text(32), primary)
    .addColumn('holder', types.id)
    .addColumn('expires_at', types.integer, required)
    .execute();
}
