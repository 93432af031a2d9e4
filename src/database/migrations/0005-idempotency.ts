import type { MigrationContext } from '../columns.ts';

/** `idempotency_keys` of the migration before, for orders alone, stays for servers that still use it. */
export async function up({ types, createTable }: MigrationContext): Promise<void> {
  await createTable('idempotency_records')
    .addColumn('key_hash', types.bytes(32), (column) => column.primaryKey())
    .addColumn('request_hash', types.bytes(32), (column) => column.notNull())
    .addColumn('sealed_result', types.longText, (column) => column.notNull())
    .addColumn('created_at', types.integer, (column) => column.notNull())
    .addUniqueConstraint('idempotency_records_created_at_key_hash', ['created_at', 'key_hash'])
    .execute();
}
