import { type Migrations, primary, required } from './migration-context.ts';
import type { ReadinessTables } from './readiness.ts';

/** Tables that no feature owns. */
export const databaseMigrations: Migrations = {
  '0001-database': async ({ types, createTable, insertMissing }) => {
    await createTable('leases')
      .addColumn('name', types.text(32), primary)
      .addColumn('holder', types.id)
      .addColumn('expires_at', types.integer, required)
      .execute();

    await createTable('readiness')
      .addColumn('id', types.integer, primary)
      .addColumn('checked_at', types.integer, required)
      .execute();
    await insertMissing<ReadinessTables, 'readiness'>('readiness', 'id', [
      { id: 1, checked_at: 0 },
    ]);
  },
};
