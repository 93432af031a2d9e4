import {
  type Insertable,
  type Kysely,
  type Selectable,
  type SelectQueryBuilder,
  sql,
  type Updateable,
} from 'kysely';
import { countOf } from '../../../database/count.ts';
import type { DatabaseKind } from '../../../database/database.ts';
import { violatesUnique } from '../../../database/errors.ts';
import { accountProblems } from '../problems.ts';
import type { AccountsTable, AccountTables } from '../tables.ts';
import { foldForSearch, type Identifier, keyOf } from './names.ts';

/** An account that has not been deleted. */
export type AccountRow = Selectable<AccountsTable> & { username: string; email: string };

export interface AccountFilter {
  search?: string | undefined;
  offset: number;
  limit: number;
}

export type AccountRepository = ReturnType<typeof createAccountRepository>;

export function createAccountRepository(db: Kysely<AccountTables>, kind: DatabaseKind) {
  const living = () => db.selectFrom('accounts').where('deleted_at', 'is', null);

  return {
    async find(identifier: Identifier): Promise<AccountRow | undefined> {
      const found =
        'username' in identifier
          ? living().where('username_key', '=', keyOf(identifier.username))
          : living().where('email_key', '=', keyOf(identifier.email));
      return (await found.selectAll().executeTakeFirst()) as AccountRow | undefined;
    },

    async findById(id: string): Promise<AccountRow | undefined> {
      const found = await living().where('id', '=', id).selectAll().executeTakeFirst();
      return found as AccountRow | undefined;
    },

    /** Reads an account and keeps others from changing it until the end of the transaction. */
    async lock(id: string): Promise<AccountRow | undefined> {
      const found = await locked(living().where('id', '=', id).selectAll()).executeTakeFirst();
      return found as AccountRow | undefined;
    },

    async insert(account: Insertable<AccountsTable>): Promise<void> {
      await explainDuplicate(db.insertInto('accounts').values(account).execute());
    },

    async update(id: string, changes: Updateable<AccountsTable>): Promise<void> {
      await explainDuplicate(
        db
          .updateTable('accounts')
          .set(changes)
          .where('id', '=', id)
          .where('deleted_at', 'is', null)
          .execute(),
      );
    },

    /** Replaces a hash, unless another has replaced it meanwhile. */
    async replaceHash(id: string, from: string, to: string): Promise<boolean> {
      const { numUpdatedRows } = await db
        .updateTable('accounts')
        .set({ password_hash: to })
        .where('id', '=', id)
        .where('password_hash', '=', from)
        .where('deleted_at', 'is', null)
        .executeTakeFirstOrThrow();
      return numUpdatedRows > 0n;
    },

    /** The administrators that can sign in. In a transaction, nobody else changes them until its end. */
    async lockAdministrators(): Promise<string[]> {
      const rows = await locked(administrators().select('id').orderBy('id')).execute();
      return rows.map(({ id }) => id);
    },

    /** The hash of the first account from a position on, in the order of the user names' keys, which is no order of anything else. */
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

    async hasAdministrator(): Promise<boolean> {
      return (await administrators().select('id').limit(1).execute()).length > 0;
    },

    async list({ search, offset, limit }: AccountFilter) {
      const found =
        search === undefined
          ? living()
          : living().where(sql<boolean>`search_text like ${containing(search)} escape '|'`);
      const count = await countOf(found);
      const rows = await found.selectAll().orderBy('id').limit(limit).offset(offset).execute();
      return { count, rows: rows as AccountRow[] };
    },
  };

  /** A transaction of SQLite locks everything from its start. */
  function locked<O>(query: SelectQueryBuilder<AccountTables, 'accounts', O>) {
    return kind === 'sqlite' ? query : query.forUpdate();
  }

  function administrators() {
    return living().where('role', '=', 'admin').where('disabled_at', 'is', null);
  }
}

/** Which of two unique indexes a row breaks is for the database to say. */
async function explainDuplicate<T>(statement: Promise<T>): Promise<T> {
  try {
    return await statement;
  } catch (error) {
    if (violatesUnique(error, 'accounts_email_key')) throw accountProblems.emailTaken();
    if (violatesUnique(error, 'accounts_username_key')) throw accountProblems.usernameTaken();
    throw error;
  }
}

/** A `like` pattern in which nothing of the text is special. */
function containing(text: string) {
  return `%${foldForSearch(text).replace(/[|%_]/g, '|$&')}%`;
}
