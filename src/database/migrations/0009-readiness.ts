import type { Kysely } from 'kysely';
import type { MigrationContext } from '../columns.ts';
import type { ReadinessTables } from '../readiness.ts';

/** One row, which is there to be written. */
export async function up({ db, types, createTable }: MigrationContext): Promise<void> {
  await createTable('readiness')
    .addColumn('id', types.integer, (column) => column.primaryKey())
    .addColumn('checked_at', types.integer, (column) => column.notNull())
    .execute();
  const readiness = db as Kysely<ReadinessTables>;
  const rows = await readiness.selectFrom('readiness').select('id').execute();
  if (rows.length > 0) return;
  await readiness.insertInto('readiness').values({ id: 1, checked_at: 0 }).execute();
}
