import { randomUUID } from 'node:crypto';
import type { LeaseTables } from '../database/lease.ts';
import { type Migrations, primary, required } from '../database/migration-context.ts';
import type { StorageTables } from './tables.ts';

export const storageMigrations: Migrations = {
  '0001-storage': async ({ types, createTable, insertMissing }) => {
    await createTable('installation')
      .addColumn('name', types.text(16), primary)
      .addColumn('id', types.id, required)
      .execute();
    await createTable('removed_objects')
      .addColumn('object_key', types.text(100), primary)
      .addColumn('removed_at', types.integer, required)
      .execute();
    await insertMissing<StorageTables, 'installation'>('installation', 'name', [
      { name: 'tally', id: randomUUID() },
    ]);
    await insertMissing<LeaseTables, 'leases'>('leases', 'name', [
      { name: 'storage-claim', holder: null, expires_at: 0 },
      { name: 'storage-sweep', holder: null, expires_at: 0 },
    ]);
  },
  '0002-storage': async ({ insertMissing }) => {
    await insertMissing<LeaseTables, 'leases'>('leases', 'name', [
      { name: 'storage-hold', holder: null, expires_at: 0 },
    ]);
  },
};
