import { createHmac } from 'node:crypto';
import type { Database } from '../../../database/database.ts';
import { foldCase } from '../accounts/names.ts';
import type { Store } from '../store.ts';
import type { AccountTables } from '../tables.ts';

/**
 * Finds, for any name, the hash of some account: the check of a name that no account has costs as much as
 * that of this hash.
 *
 * After a change of the hash settings, hashes of several costs are stored until their owners sign in.
 * Unknown names have the same mixture of costs: each has a neighbour among the accounts, the same at each
 * attempt and on every server, whose cost changes when the neighbour signs in. A secret decides about
 * neighbours, or one could register as somebody's.
 */
export interface StandIns {
  find(name: string): Promise<string | undefined>;
}

export async function createStandIns(
  { db }: Database<AccountTables>,
  { accounts }: Store,
): Promise<StandIns> {
  const { secret } = await db
    .selectFrom('account_secrets')
    .where('name', '=', 'stand_ins')
    .select('secret')
    .executeTakeFirstOrThrow();
  return {
    find: (name) => accounts.hashFrom(createHmac('sha256', secret).update(foldCase(name)).digest()),
  };
}
