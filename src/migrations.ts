import type { Migrations } from './database/migration-context.ts';
import { databaseMigrations } from './database/migrations.ts';
import { accountMigrations } from './features/accounts/migrations.ts';
import { imageMigrations } from './features/images/migrations.ts';
import { shopMigrations } from './features/shop/migrations.ts';
import { tierMigrations } from './features/tiers/migrations.ts';
import { idempotencyMigrations } from './idempotency/migrations.ts';
import { mailMigrations } from './mail/migrations.ts';
import { storageMigrations } from './storage/migrations.ts';

/** Every migration of Tally. They run in the order of their names, not of this list. */
export const migrations: Migrations = {
  ...databaseMigrations,
  ...storageMigrations,
  ...idempotencyMigrations,
  ...mailMigrations,
  ...accountMigrations,
  ...tierMigrations,
  ...imageMigrations,
  ...shopMigrations,
};
