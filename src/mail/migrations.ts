import { type Migrations, primary, required } from '../database/migration-context.ts';

export const mailMigrations: Migrations = {
  '0003-mail': async ({ types, createTable }) => {
    await createTable('mails')
      .addColumn('id', types.id, primary)
      .addColumn('kind', types.text(64), required)
      .addColumn('data', types.longText, required)
      .addColumn('subject_key', types.bytes(32))
      .addColumn('attempts', types.integer, required)
      .addColumn('due_at', types.integer, required)
      .addColumn('created_at', types.integer, required)
      .addUniqueConstraint('mails_due', ['due_at', 'id'])
      .addUniqueConstraint('mails_subject', ['subject_key'])
      .execute();
  },
};
