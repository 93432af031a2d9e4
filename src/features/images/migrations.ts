import { type Migrations, primary, required } from '../../database/migration-context.ts';

export const imageMigrations: Migrations = {
  '0001-images': async ({ types, createTable }) => {
    await createTable('images')
      .addColumn('id', types.id, primary)
      .addColumn('account_id', types.id, required)
      .addColumn('created_at', types.integer, required)
      .addColumn('format', types.text(8), required)
      .addColumn('bytes', types.integer, required)
      .addUniqueConstraint('images_account', ['account_id', 'id'])
      .addForeignKeyConstraint('images_account_fk', ['account_id'], 'accounts', ['id'])
      .execute();

    await createTable('image_files')
      .addColumn('image_id', types.id, required)
      .addColumn('size', types.text(16), required)
      .addColumn('object_key', types.text(100), required)
      .addColumn('object_offset', types.integer, required)
      .addColumn('bytes', types.integer, required)
      .addColumn('width', types.integer, required)
      .addColumn('height', types.integer, required)
      .addColumn('sha256', types.bytes(32), required)
      .addPrimaryKeyConstraint('image_files_key', ['image_id', 'size'])
      .addUniqueConstraint('image_files_object', ['object_key', 'object_offset'])
      .addForeignKeyConstraint(
        'image_files_image_fk',
        ['image_id'],
        'images',
        ['id'],
        (constraint) => constraint.onDelete('cascade'),
      )
      .execute();

    await createTable('image_links')
      .addColumn('id', types.id, primary)
      .addColumn('image_id', types.id, required)
      .addColumn('size', types.text(16), required)
      .addColumn('created_at', types.integer, required)
      .addColumn('expires_at', types.integer)
      .addColumn('by_administrator', types.integer, required)
      .addUniqueConstraint('image_links_image', ['image_id', 'id'])
      .addForeignKeyConstraint(
        'image_links_image_fk',
        ['image_id'],
        'images',
        ['id'],
        (constraint) => constraint.onDelete('cascade'),
      )
      .execute();

    await createTable('image_usage')
      .addColumn('account_id', types.id, primary)
      .addColumn('bytes', types.integer, required)
      .addForeignKeyConstraint('image_usage_account_fk', ['account_id'], 'accounts', ['id'])
      .execute();
  },
};
