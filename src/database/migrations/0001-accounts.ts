import type { MigrationContext } from '../columns.ts';

export async function up({ types, createTable }: MigrationContext): Promise<void> {
  await createTable('accounts')
    .addColumn('id', types.id, (column) => column.primaryKey())
    .addColumn('username', types.text(256))
    .addColumn('username_key', types.bytes(32), (column) => column.notNull())
    .addColumn('email', types.text(256))
    .addColumn('email_key', types.bytes(32))
    .addColumn('first_name', types.text(100), (column) => column.notNull())
    .addColumn('last_name', types.text(100), (column) => column.notNull())
    .addColumn('search_text', types.longText, (column) => column.notNull())
    .addColumn('role', types.text(32), (column) => column.notNull())
    .addColumn('tier', types.text(32), (column) => column.notNull())
    .addColumn('password_hash', types.text(256))
    .addColumn('created_at', types.integer, (column) => column.notNull())
    .addColumn('disabled_at', types.integer)
    .addColumn('deleted_at', types.integer)
    .addUniqueConstraint('accounts_username_key', ['username_key'])
    .addUniqueConstraint('accounts_email_key', ['email_key'])
    .execute();

  await createTable('sessions')
    .addColumn('id', types.id, (column) => column.primaryKey())
    .addColumn('account_id', types.id, (column) => column.notNull())
    .addColumn('created_at', types.integer, (column) => column.notNull())
    .addColumn('used_at', types.integer, (column) => column.notNull())
    .addColumn('expires_at', types.integer, (column) => column.notNull())
    .addColumn('user_agent', types.text(256), (column) => column.notNull())
    .addColumn('address', types.text(64), (column) => column.notNull())
    .addUniqueConstraint('sessions_account', ['account_id', 'id'])
    .addForeignKeyConstraint('sessions_account_fk', ['account_id'], 'accounts', ['id'])
    .execute();

  await createTable('refresh_tokens')
    .addColumn('hash', types.bytes(32), (column) => column.primaryKey())
    .addColumn('session_id', types.id, (column) => column.notNull())
    .addColumn('parent_hash', types.bytes(32))
    .addColumn('used_at', types.integer)
    .addUniqueConstraint('refresh_tokens_session', ['session_id', 'hash'])
    .addUniqueConstraint('refresh_tokens_parent', ['parent_hash', 'hash'])
    .addForeignKeyConstraint(
      'refresh_tokens_session_fk',
      ['session_id'],
      'sessions',
      ['id'],
      (constraint) => constraint.onDelete('cascade'),
    )
    .execute();

  await createTable('attempts')
    .addColumn('key', types.text(100), (column) => column.primaryKey())
    .addColumn('remaining', types.integer, (column) => column.notNull())
    .addColumn('pending', types.integer, (column) => column.notNull())
    .addColumn('blocked_until', types.integer, (column) => column.notNull())
    .addColumn('updated_at', types.integer, (column) => column.notNull())
    .addUniqueConstraint('attempts_updated_at', ['updated_at', 'key'])
    .execute();

  await createTable('audit_events')
    .addColumn('id', types.id, (column) => column.primaryKey())
    .addColumn('at', types.integer, (column) => column.notNull())
    .addColumn('action', types.text(64), (column) => column.notNull())
    .addColumn('subject_id', types.id)
    .addColumn('actor_id', types.id)
    .addColumn('address', types.text(64), (column) => column.notNull())
    .addColumn('request_id', types.text(128), (column) => column.notNull())
    .addColumn('details', types.longText, (column) => column.notNull())
    .addUniqueConstraint('audit_events_subject', ['subject_id', 'id'])
    .execute();
}
