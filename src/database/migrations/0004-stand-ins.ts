import { randomBytes } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { MigrationContext } from '../columns.ts';

const NAME = 'stand_ins';

/** What several servers must share, and clients must not know. */
export async function up({ db, types, createTable }: MigrationContext): Promise<void> {
  await createTable('account_secrets')
    .addColumn('name', types.text(32), (column) => column.primaryKey())
    .addColumn('secret', types.bytes(32), (column) => column.notNull())
    .execute();

  const secrets = db as Kysely<{ account_secrets: { name: string; secret: Buffer } }>;
  const known = await secrets
    .selectFrom('account_secrets')
    .select('name')
    .where('name', '=', NAME)
    .execute();
  if (known.length > 0) return;
  const row = { name: NAME, secret: randomBytes(32) };
  await secrets.insertInto('account_secrets').values(row).execute();
}
