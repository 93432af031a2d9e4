import type { Insertable, Kysely } from 'kysely';
import type { AccountRow } from '../accounts/repository.ts';
import type { AccountTables, PasswordResetsTable } from '../tables.ts';

export function createPasswordResetRepository(db: Kysely<AccountTables>) {
  const valid = (hash: Buffer, since: number) =>
    db
      .selectFrom('password_resets')
      .innerJoin('accounts', 'accounts.id', 'password_resets.account_id')
      .where('password_resets.hash', '=', hash)
      .where('password_resets.created_at', '>', since)
      .where('password_resets.ended_at', 'is', null)
      .where('accounts.deleted_at', 'is', null)
      .where('accounts.disabled_at', 'is', null);

  const working = (accountId: string) =>
    db
      .updateTable('password_resets')
      .set({ ended_at: Date.now() })
      .where('account_id', '=', accountId)
      .where('ended_at', 'is', null);

  return {
    async insert(reset: Insertable<PasswordResetsTable>): Promise<void> {
      await db.insertInto('password_resets').values(reset).execute();
    },

    /** Returns the account that a link made after `since` is for, if it can sign in. */
    async findAccount(hash: Buffer, since: number): Promise<AccountRow | undefined> {
      const account = await valid(hash, since).selectAll('accounts').executeTakeFirst();
      return account as AccountRow | undefined;
    },

    /** Returns the number of other mails that were made for an account after `since`. */
    async countMails(accountId: string, since: number, exceptId: string): Promise<number> {
      const { mails } = await db
        .selectFrom('password_resets')
        .where('account_id', '=', accountId)
        .where('created_at', '>', since)
        .where('mail_id', '<>', exceptId)
        .select(({ fn }) => fn.count<number | string>('mail_id').distinct().as('mails'))
        .executeTakeFirstOrThrow();
      return Number(mails);
    },

    /** Ends all links of an account. Returns false if the given one did not work any more. */
    async spend(accountId: string, hash: Buffer, since: number): Promise<boolean> {
      const { numUpdatedRows } = await working(accountId)
        .where('hash', '=', hash)
        .where('created_at', '>', since)
        .executeTakeFirstOrThrow();
      if (numUpdatedRows === 0n) return false;
      await this.endAll(accountId);
      return true;
    },

    /** Ends all links of an account. They still count as mails. */
    async endAll(accountId: string): Promise<void> {
      await working(accountId).execute();
    },

    async deleteBefore(time: number): Promise<void> {
      await db.deleteFrom('password_resets').where('created_at', '<=', time).execute();
    },
  };
}
