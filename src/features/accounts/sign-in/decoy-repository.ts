import type { Database } from '../../../database/database.ts';
import type { AccountTables } from '../tables.ts';

export type DecoyRepository = ReturnType<typeof createDecoyRepository>;

export function createDecoyRepository({ db }: Database<AccountTables>) {
  return {
    /** Returns the secret that all servers share. */
    async secret(): Promise<Buffer> {
      const { secret } = await db
        .selectFrom('account_secrets')
        .where('name', '=', 'stand_ins')
        .select('secret')
        .executeTakeFirstOrThrow();
      return secret;
    },

    /** Returns the first password hash from a position on, in the order of the keys of user names. */
    async hashFrom(position: Buffer): Promise<string | undefined> {
      const hashes = db
        .selectFrom('accounts')
        .where('password_hash', 'is not', null)
        .select('password_hash')
        .orderBy('username_key')
        .limit(1);
      const found =
        (await hashes.where('username_key', '>=', position).executeTakeFirst()) ??
        (await hashes.executeTakeFirst());
      return found?.password_hash ?? undefined;
    },
  };
}
