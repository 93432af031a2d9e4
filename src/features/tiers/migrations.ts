import { type Migrations, primary, required } from '../../database/migration-context.ts';
import { GIB, MIB } from '../../setting-types.ts';
import type { TierTables } from './tables.ts';

const common = { built_in: 1, max_bytes: 10 * MIB };
const BUILT_IN = [
  {
    ...common,
    name: 'basic',
    thumbnail_heights: '[200]',
    original: 0,
    expiring_links: 0,
    quota_bytes: GIB,
  },
  {
    ...common,
    name: 'premium',
    thumbnail_heights: '[200,400]',
    original: 1,
    expiring_links: 0,
    quota_bytes: 10 * GIB,
  },
  {
    ...common,
    name: 'enterprise',
    thumbnail_heights: '[200,400]',
    original: 1,
    expiring_links: 1,
    quota_bytes: 100 * GIB,
  },
];

export const tierMigrations: Migrations = {
  '0001-tiers': async ({ types, createTable, insertMissing }) => {
    await createTable('tiers')
      .addColumn('name', types.text(32), primary)
      .addColumn('built_in', types.integer, required)
      .addColumn('thumbnail_heights', types.text(100), required)
      .addColumn('original', types.integer, required)
      .addColumn('expiring_links', types.integer, required)
      .addColumn('max_bytes', types.integer, required)
      .addColumn('quota_bytes', types.integer, required)
      .execute();
    await insertMissing<TierTables, 'tiers'>('tiers', 'name', BUILT_IN);
  },
};
