import type { Kysely } from 'kysely';
import type { MigrationContext } from '../columns.ts';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

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

export async function up(context: MigrationContext): Promise<void> {
  await createTiers(context);
  const { types, createTable } = context;

  await createTable('images')
    .addColumn('id', types.id, (column) => column.primaryKey())
    .addColumn('account_id', types.id, (column) => column.notNull())
    .addColumn('created_at', types.integer, (column) => column.notNull())
    .addColumn('format', types.text(8), (column) => column.notNull())
    .addColumn('bytes', types.integer, (column) => column.notNull())
    .addUniqueConstraint('images_account', ['account_id', 'id'])
    .addForeignKeyConstraint('images_account_fk', ['account_id'], 'accounts', ['id'])
    .execute();

  await createTable('image_files')
    .addColumn('image_id', types.id, (column) => column.notNull())
    .addColumn('size', types.text(16), (column) => column.notNull())
    .addColumn('object_key', types.text(100), (column) => column.notNull())
    .addColumn('object_offset', types.integer, (column) => column.notNull())
    .addColumn('bytes', types.integer, (column) => column.notNull())
    .addColumn('width', types.integer, (column) => column.notNull())
    .addColumn('height', types.integer, (column) => column.notNull())
    .addColumn('sha256', types.bytes(32), (column) => column.notNull())
    .addPrimaryKeyConstraint('image_files_key', ['image_id', 'size'])
    .addUniqueConstraint('image_files_object', ['object_key', 'object_offset'])
    .addForeignKeyConstraint('image_files_image_fk', ['image_id'], 'images', ['id'], (constraint) =>
      constraint.onDelete('cascade'),
    )
    .execute();

  await createTable('image_links')
    .addColumn('id', types.id, (column) => column.primaryKey())
    .addColumn('image_id', types.id, (column) => column.notNull())
    .addColumn('size', types.text(16), (column) => column.notNull())
    .addColumn('created_at', types.integer, (column) => column.notNull())
    .addColumn('expires_at', types.integer)
    .addColumn('by_administrator', types.integer, (column) => column.notNull())
    .addUniqueConstraint('image_links_image', ['image_id', 'id'])
    .addForeignKeyConstraint('image_links_image_fk', ['image_id'], 'images', ['id'], (constraint) =>
      constraint.onDelete('cascade'),
    )
    .execute();
}

async function createTiers({ db, types, createTable }: MigrationContext): Promise<void> {
  await createTable('tiers')
    .addColumn('name', types.text(32), (column) => column.primaryKey())
    .addColumn('built_in', types.integer, (column) => column.notNull())
    .addColumn('thumbnail_heights', types.text(100), (column) => column.notNull())
    .addColumn('original', types.integer, (column) => column.notNull())
    .addColumn('expiring_links', types.integer, (column) => column.notNull())
    .addColumn('max_bytes', types.integer, (column) => column.notNull())
    .addColumn('quota_bytes', types.integer, (column) => column.notNull())
    .execute();

  const tiers = db as Kysely<{ tiers: (typeof BUILT_IN)[number] }>;
  for (const tier of BUILT_IN) {
    const known = await tiers
      .selectFrom('tiers')
      .select('name')
      .where('name', '=', tier.name)
      .execute();
    if (known.length === 0) await tiers.insertInto('tiers').values(tier).execute();
  }
}
