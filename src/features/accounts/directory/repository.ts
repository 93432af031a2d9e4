import type { AnyTransaction, Database } from '../../../database/database.ts';
import { forUpdate } from '../../../database/lock.ts';
import { prepare } from '../../../database/prepare.ts';
import type { AccountTables } from '../tables.ts';

/** Creates the answers to questions that other features ask about accounts; app.ts passes them on. */
export function createAccountDirectory({ db, kind }: Database<AccountTables>) {
  const find = prepare(({ id }: { id: string }) =>
    db
      .selectFrom('accounts')
      .select(['tier', 'disabled_at'])
      .where('id', '=', id)
      .where('deleted_at', 'is', null),
  );

  return {
    /** Returns undefined where the account has been deleted. */
    async find(id: string): Promise<{ tier: string; isDisabled: boolean } | undefined> {
      const [account] = (await find(db, { id })).rows;
      return account && { tier: account.tier, isDisabled: account.disabled_at !== null };
    },

    /** Returns those of the accounts that have been deleted. */
    async findDeleted(ids: string[]): Promise<string[]> {
      const accounts = db.selectFrom('accounts').select('id').where('id', 'in', ids);
      const deleted = await accounts.where('deleted_at', 'is not', null).execute();
      return deleted.map(({ id }) => id);
    },

    /**
     * Keeps an account as it is until the end of the transaction.
     *
     * @returns false where it is disabled or has been deleted
     */
    async lock(trx: AnyTransaction, id: string): Promise<boolean> {
      const account = trx
        .selectFrom('accounts')
        .select('id')
        .where('id', '=', id)
        .where('deleted_at', 'is', null)
        .where('disabled_at', 'is', null);
      return (await forUpdate(kind, account).execute()).length > 0;
    },

    async hasTier(trx: AnyTransaction, tier: string): Promise<boolean> {
      const accounts = trx.selectFrom('accounts').select('id').where('tier', '=', tier);
      return (await accounts.where('deleted_at', 'is', null).limit(1).execute()).length > 0;
    },
  };
}
