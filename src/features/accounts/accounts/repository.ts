import { type Insertable, type Kysely, type Selectable, sql, type Updateable } from 'kysely';
import { countOf } from '../../../database/count.ts';
import type { DatabaseKind } from '../../../database/database.ts';
import { violatesUnique } from '../../../database/errors.ts';
import { type Found, type Slice, sliceOfRows } from '../../../database/keyset.ts';
import { forUpdate } from '../../../database/lock.ts';
import { prepare } from '../../../database/prepare.ts';
import { accountProblems } from '../problems.ts';
import type { AccountsTable, AccountTables } from '../tables.ts';
import { foldForSearch, type Identifier, keyOf } from './names.ts';

/** An account that has not been deleted. */
export type AccountRow = Selectable<AccountsTable> & { username: string; email: string };

type AccountStatements = ReturnType<typeof prepareAccountStatements>;

/** Prepares the statements of every sign-in. */
export function prepareAccountStatements(db: Kysely<AccountTables>, kind: DatabaseKind) {
  return {
    findById: prepare(({ id }: { id: string }) => existing(db).selectAll().where('id', '=', id)),
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
      const found =
        'username' in identifier
          ? statements.findByUsername(db, { key: keyOf(identifier.username) })
          : statements.findByEmail(db, { key: keyOf(identifier.email) });
      return (await found).rows[0] as AccountRow | undefined;
    },

    async findById(id: string): Promise<AccountRow | undefined> {
      return (await statements.findById(db, { id })).rows[0] as AccountRow | undefined;
    },

    /** Reads an account, and keeps others from changing it until the end of the transaction. */
    async lock(id: string): Promise<AccountRow | undefined> {
      return (await statements.lock(db, { id })).rows[0] as AccountRow | undefined;
    },

    /** @throws {Problem} `email_taken`, `username_taken` */
    insert: (account: Insertable<AccountsTable>): Promise<unknown> =>
      db.insertInto('accounts').values(account).execute().catch(explainDuplicate),

    /** @throws {Problem} `email_taken` */
    async update(id: string, changes: Updateable<AccountsTable>): Promise<void> {
      const update = db.updateTable('accounts').set(changes).where('id', '=', id);
      await update.where('deleted_at', 'is', null).execute().catch(explainDuplicate);
    },

    /** Replaces a password hash. Returns false if it has changed since it was read. */
    async replaceHash(id: string, from: string, to: string): Promise<boolean> {
      const update = db.updateTable('accounts').set({ password_hash: to }).where('id', '=', id);
      const unchanged = update.where('password_hash', '=', from);
      return (await unchanged.executeTakeFirstOrThrow()).numUpdatedRows > 0n;
    },

    /** Locks the administrators who can sign in until the end of the transaction. Returns their ids. */
    async lockAdministrators(): Promise<string[]> {
      const all = forUpdate(kind, administrators(db).select('id').orderBy('id'));
      return (await all.execute()).map(({ id }) => id);
    },

    hasAdministrator: async () =>
      (await administrators(db).select('id').limit(1).execute()).length > 0,

    /** Returns a slice of the accounts, or of those that contain a text, and the count of all. */
    async list(search: string | undefined, slice: Slice): Promise<Found<AccountRow>> {
      const accounts = existing(db).$if(search !== undefined, (all) =>
        all.where(sql<boolean>`search_text like ${patternFor(search!)} escape '|'`),
      );
      const count = await countOf(accounts);
      const rows = await sliceOfRows(accounts.selectAll(), kind, slice).execute();
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
