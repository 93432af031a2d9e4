import { type Migrations, primary, required } from '../database/migration-context.ts';

export const idempotencyMigrations: Migrations = {
  '0001-idempotency': async ({ types, createTable }) => {
    await createTable('idempotency_records')
      .addColumn('key_hash', types.bytes(32), primary)
      .addColumn('request_hash', types.bytes(32), required)
      .addColumn('sealed_result', types.longText, required)
      .addColumn('created_at', types.integer, required)
      .addUniqueConstraint('idempotency_records_created_at_key_hash', ['created_at', 'key_hash'])
      .execute();
  },
};
