import { randomUUID } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { StorageTables } from '../../storage/tables.ts';
import type { MigrationContext } from '../columns.ts';

export async function up({ db, types, createTable }: MigrationContext): Promise<void> {
  await createTable('installation')
    .addColumn('name', types.text(16), (column) => column.primaryKey())
    .addColumn('id', types.id, (column) => column.notNull())
    .execute();
  await createTable('leases')
    .addColumn('name', types.text(32), (column) => column.primaryKey())
    .addColumn('holder', types.id)
    .addColumn('expires_at', types.integer, (column) => column.notNull())
    .execute();
  await createTable('removed_objects')
    .addColumn('object_key', types.text(100), (column) => column.primaryKey())
    .addColumn('removed_at', types.integer, (column) => column.notNull())
    .execute();

  const tables = db as Kysely<StorageTables>;
  if ((await tables.selectFrom('installation').select('name').execute()).length === 0) {
    await tables.insertInto('installation').values({ name: 'tally', id: randomUUID() }).execute();
  }
  for (const name of ['storage-claim', 'storage-sweep']) {
    const known = tables.selectFrom('leases').select('name').where('name', '=', name);
    if ((await known.execute()).length > 0) continue;
    await tables.insertInto('leases').values({ name, holder: null, expires_at: 0 }).execute();
  }
}
