import { randomBytes } from 'node:crypto';
import {
  type MigrationContext,
  type Migrations,
  primary,
  required,
} from '../../database/migration-context.ts';
import type { AccountTables } from './tables.ts';

export const accountMigrations: Migrations = {
  '0001-accounts': async (context) => {
    await createAccounts(context);
    await createSessions(context);
    await createAttempts(context);
    await createAudit(context);
  },
  '0003-accounts': createPasswordResets,
};

async function createAccounts({
  types,
  createTable,
  insertMissing,
}: MigrationContext): Promise<void> {
  await createTable('accounts')
    .addColumn('id', types.id, primary)
    .addColumn('username', types.text(256))
    .addColumn('username_key', types.bytes(32), required)
    .addColumn('email', types.text(256))
    .addColumn('email_key', types.bytes(32))
    .addColumn('first_name', types.text(100), required)
    .addColumn('last_name', types.text(100), required)
    .addColumn('search_text', types.longText, required)
    .addColumn('role', types.text(32), required)
    .addColumn('tier', types.text(32), required)
    .addColumn('password_hash', types.text(256))
    .addColumn('created_at', types.integer, required)
    .addColumn('disabled_at', types.integer)
    .addColumn('deleted_at', types.integer)
    .addUniqueConstraint('accounts_username_key', ['username_key'])
    .addUniqueConstraint('accounts_email_key', ['email_key'])
    .execute();

  // Shared by all servers, and unknown to clients.
  await createTable('account_secrets')
    .addColumn('name', types.text(32), primary)
    .addColumn('secret', types.bytes(32), required)
    .execute();
  await insertMissing<AccountTables, 'account_secrets'>('account_secrets', 'name', [
    { name: 'stand_ins', secret: randomBytes(32) },
  ]);
}

async function createSessions({ types, createTable }: MigrationContext): Promise<void> {
  await createTable('sessions')
    .addColumn('id', types.id, primary)
    .addColumn('account_id', types.id, required)
    .addColumn('created_at', types.integer, required)
    .addColumn('used_at', types.integer, required)
    .addColumn('expires_at', types.integer, required)
    .addColumn('user_agent', types.text(256), required)
    .addColumn('address', types.text(64), required)
    .addUniqueConstraint('sessions_account', ['account_id', 'id'])
    .addForeignKeyConstraint('sessions_account_fk', ['account_id'], 'accounts', ['id'])
    .execute();

  await createTable('refresh_tokens')
    .addColumn('hash', types.bytes(32), primary)
    .addColumn('session_id', types.id, required)
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
}

async function createAttempts({ types, createTable }: MigrationContext): Promise<void> {
  await createTable('spent_attempts')
    .addColumn('key', types.text(100), required)
    .addColumn('subject', types.text(64), required)
    .addColumn('id', types.id, required)
    .addColumn('pending', types.integer, required)
    .addColumn('at', types.integer, required)
    .addColumn('counts_until', types.integer, required)
    .addPrimaryKeyConstraint('spent_attempts_key', ['key', 'subject', 'id'])
    .addUniqueConstraint('spent_attempts_until', ['counts_until', 'key', 'subject', 'id'])
    .execute();

  await createTable('attempt_locks')
    .addColumn('key', types.text(100), primary)
    .addColumn('used_at', types.integer, required)
    .execute();
}

async function createAudit({ types, createTable }: MigrationContext): Promise<void> {
  await createTable('audit_events')
    .addColumn('id', types.id, primary)
    .addColumn('at', types.integer, required)
    .addColumn('action', types.text(64), required)
    .addColumn('subject_id', types.id)
    .addColumn('actor_id', types.id)
    .addColumn('address', types.text(64), required)
    .addColumn('request_id', types.text(128), required)
    .addColumn('details', types.longText, required)
    .addUniqueConstraint('audit_events_subject', ['subject_id', 'id'])
    .execute();
}

async function createPasswordResets({ types, createTable }: MigrationContext): Promise<void> {
  await createTable('password_resets')
    .addColumn('hash', types.bytes(32), primary)
    .addColumn('account_id', types.id, required)
    .addColumn('mail_id', types.id, required)
    .addColumn('created_at', types.integer, required)
    .addColumn('ended_at', types.integer)
    .addUniqueConstraint('password_resets_account', ['account_id', 'hash'])
    .addUniqueConstraint('password_resets_created', ['created_at', 'hash'])
    .addForeignKeyConstraint('password_resets_account_fk', ['account_id'], 'accounts', ['id'])
    .execute();
}
