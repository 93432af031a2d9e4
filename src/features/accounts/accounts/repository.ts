import { type Insertable, type Kysely, type Selectable, sql, type Updateable } from 'kysely';
import { countOf } from '../../../database/count.ts';
import type { DatabaseKind } from '../../../database/database.ts';
import { violatesUnique } from '../../../database/errors.ts';
import { forUpdate } from '../../../database/lock.ts';
import { prepare } from '../../../database/prepare.ts';
import type { Slice } from '../../../http/pages.ts';
import { accountProblems } from '../problems.ts';
import type { AccountsTable, AccountTables } from '../tables.ts';
import { foldForSearch, type Identifier, keyOf } from './names.ts';

/** An account that has not been deleted. */
export type AccountRow = Selectable<AccountsTable> & { username: string; email: string };

export interface AccountFilter extends Slice {
  search?: string | undefined;
}

export type AccountRepository = ReturnType<typeof createAccountRepository>;
export type AccountStatements = ReturnType<typeof prepareAccountStatements>;

/** Prepares the statements of every sign-in. */
export function prepareAccountStatements(db: Kysely<AccountTables>, kind: DatabaseKind) {
  return {
    findByUsername: prepare(({ key }: { key: Buffer }) =>
      existing(db).selectAll().where('username_key', '=', key),
    ),
    findByEmail: prepare(({ key }: { key: Buffer }) =>
      existing(db).selectAll().where('email_key', '=', key),
    ),
    lock: prepare(({ id }: { id: string }) =>
      forUpdate(kind, existing(db).selectAll().where('id', '=', id)),
    ),
  };
}

export function createAccountRepository(
  db: Kysely<AccountTables>,
  kind: DatabaseKind,
  statements: AccountStatements,
) {
  return {
    async find(identifier: Identifier): Promise<AccountRow | undefined> {
      const { rows } =
        'username' in identifier
          ? await statements.findByUsername(db, { key: keyOf(identifier.username) })
          : await statements.findByEmail(db, { key: keyOf(identifier.email) });
      return rows[0] as AccountRow | undefined;
    },

    async findById(id: string): Promise<AccountRow | undefined> {
      const account = await existing(db).where('id', '=', id).selectAll().executeTakeFirst();
      return account as AccountRow | undefined;
    },

    /** Reads an account, and keeps others from changing it until the end of the transaction. */
    async lock(id: string): Promise<AccountRow | undefined> {
      return (await statements.lock(db, { id })).rows[0] as AccountRow | undefined;
    },

    /** @throws {Problem} `email_taken`, `username_taken` */
    async insert(account: Insertable<AccountsTable>): Promise<void> {
      await db.insertInto('accounts').values(account).execute().catch(explainDuplicate);
    },

    /** @throws {Problem} `email_taken` */
    async update(id: string, changes: Updateable<AccountsTable>): Promise<void> {
      const update = db.updateTable('accounts').set(changes).where('id', '=', id);
      await update.where('deleted_at', 'is', null).execute().catch(explainDuplicate);
    },

    /** Replaces a password hash. Returns false if another has replaced it before. */
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

    /** Locks the administrators who can sign in until the end of the transaction. Returns their ids. */
    async lockAdministrators(): Promise<string[]> {
      const rows = await forUpdate(kind, administrators(db).select('id').orderBy('id')).execute();
      return rows.map(({ id }) => id);
    },

    async hasAdministrator(): Promise<boolean> {
      return (await administrators(db).select('id').limit(1).execute()).length > 0;
    },

    /** Returns accounts, the oldest first, and their count. */
    async list({ search, offset, limit }: AccountFilter) {
      const accounts = existing(db).$if(search !== undefined, (all) =>
        all.where(sql<boolean>`search_text like ${patternFor(search!)} escape '|'`),
      );
      const count = await countOf(accounts);
      const oldest = accounts.selectAll().orderBy('id');
      const rows = await oldest.limit(limit).offset(offset).execute();
      return { count, rows: rows as AccountRow[] };
    },
  };
}

const existing = (db: Kysely<AccountTables>) =>
  db.selectFrom('accounts').where('deleted_at', 'is', null);

const administrators = (db: Kysely<AccountTables>) =>
  existing(db).where('role', '=', 'admin').where('disabled_at', 'is', null);

/** Tells which of two unique indexes a row breaks. */
function explainDuplicate(error: unknown): never {
  if (violatesUnique(error, 'accounts_email_key')) throw accountProblems.emailTaken();
  if (violatesUnique(error, 'accounts_username_key')) throw accountProblems.usernameTaken();
  throw error;
}

/** Returns a `like` pattern for texts that contain the given one, whatever characters it has. */
const patternFor = (text: string) => `%${foldForSearch(text).replace(/[|%_]/g, '|$&')}%`;
