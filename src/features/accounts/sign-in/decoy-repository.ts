import type { Database } from '../../../database/database.ts';
import { prepare } from '../../../database/prepare.ts';
import type { AccountTables } from '../tables.ts';

export type DecoyRepository = ReturnType<typeof createDecoyRepository>;

export function createDecoyRepository({ db }: Database<AccountTables>) {
  const hashes = db
    .selectFrom('accounts')
    .where('password_hash', 'is not', null)
    .select('password_hash')
    .orderBy('username_key')
    .limit(1);
  const findFrom = prepare(({ position }: { position: Buffer }) =>
    hashes.where('username_key', '>=', position),
  );

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

    /** Returns the first password hash from a position on, in the circle of the keys of user names. */
    async hashFrom(position: Buffer): Promise<string | undefined> {
      const found = (await findFrom(db, { position })).rows[0] ?? (await hashes.executeTakeFirst());
      return found?.password_hash ?? undefined;
    },
  };
}
