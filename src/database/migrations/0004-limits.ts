import type { MigrationContext } from '../columns.ts';

/** Attempts become rows of their own, so that each can expire; the counters until now are dropped. */
export async function up({ db, types, createTable }: MigrationContext): Promise<void> {
  await createTable('spent_attempts')
    .addColumn('key', types.text(100), (column) => column.notNull())
    .addColumn('subject', types.text(64), (column) => column.notNull())
    .addColumn('id', types.id, (column) => column.notNull())
    .addColumn('pending', types.integer, (column) => column.notNull())
    .addColumn('at', types.integer, (column) => column.notNull())
    .addColumn('counts_until', types.integer, (column) => column.notNull())
    .addPrimaryKeyConstraint('spent_attempts_key', ['key', 'subject', 'id'])
    .addUniqueConstraint('spent_attempts_until', ['counts_until', 'key', 'subject', 'id'])
    .execute();

  await createTable('attempt_locks')
    .addColumn('key', types.text(100), (column) => column.primaryKey())
    .addColumn('used_at', types.integer, (column) => column.notNull())
    .execute();

  await db.schema.dropTable('attempts').ifExists().execute();
}
