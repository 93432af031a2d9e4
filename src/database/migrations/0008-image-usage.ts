import type { Kysely } from 'kysely';
import type { ImageTables } from '../../features/images/tables.ts';
import type { MigrationContext } from '../columns.ts';

/** Keeps what the images of each account take, so that no upload has to add it up. */
export async function up({ db, types, createTable }: MigrationContext): Promise<void> {
  await createTable('image_usage')
    .addColumn('account_id', types.id, (column) => column.primaryKey())
    .addColumn('bytes', types.integer, (column) => column.notNull())
    .addForeignKeyConstraint('image_usage_account_fk', ['account_id'], 'accounts', ['id'])
    .execute();

  const tables = db as Kysely<ImageTables>;
  await tables.deleteFrom('image_usage').execute();
  await tables
    .insertInto('image_usage')
    .columns(['account_id', 'bytes'])
    .expression(
      tables
        .selectFrom('images')
        .innerJoin('image_files', 'image_files.image_id', 'images.id')
        .select(({ fn }) => ['images.account_id', fn.sum<number>('image_files.bytes').as('bytes')])
        .groupBy('images.account_id'),
    )
    .execute();
}
