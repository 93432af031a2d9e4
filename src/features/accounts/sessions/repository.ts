import type { Kysely, Selectable } from 'kysely';
import { countOf } from '../../../database/count.ts';
import type { DatabaseKind } from '../../../database/database.ts';
import { type Slice, sliceOfRows } from '../../../database/keyset.ts';
import { type Prepared, prepare } from '../../../database/prepare.ts';
import type { SignedInAccount } from '../../../http/secured.ts';
import type { AccountTables, SessionsTable } from '../tables.ts';

export type SessionRow = Selectable<SessionsTable>;
type SessionStatements = ReturnType<typeof prepareSessionStatements>;

/** Prepares the statements of every sign-in and refresh. */
export function prepareSessionStatements(db: Kysely<AccountTables>) {
  return {
    insert: prepare((session: SessionRow) =>
      db.insertInto('sessions').values({
        id: session.id,
        account_id: session.account_id,
        created_at: session.created_at,
        used_at: session.used_at,
        expires_at: session.expires_at,
        user_agent: session.user_agent,
        address: session.address,
      }),
    ),

    touch: prepare((values: { id: string; now: number }) =>
      db.updateTable('sessions').set({ used_at: values.now }).where('id', '=', values.id),
    ),
  };
}

/** A session, and the account that it belongs to. */
export interface SessionOwner extends Omit<SignedInAccount, 'scopes' | 'username'> {
  username: string | null;
}

type LookupValues = { [index: number]: string; now: number; idleSince: number };

/** Prepares the query for the owners of `size` sessions that have not ended. */
export function prepareSessionLookup(
  db: Kysely<AccountTables>,
  size: number,
): Prepared<LookupValues, SessionOwner> {
  return prepare((values: LookupValues) =>
    db
      .selectFrom('sessions')
      .innerJoin('accounts', 'accounts.id', 'sessions.account_id')
      .where(
        'sessions.id',
        'in',
        Array.from({ length: size }, (_, index) => values[index]!),
      )
      .where('sessions.expires_at', '>', values.now)
      .where('sessions.used_at', '>', values.idleSince)
      .where('accounts.disabled_at', 'is', null)
      .where('accounts.deleted_at', 'is', null)
      .select(['sessions.id as sessionId', 'accounts.id', 'username', 'role', 'tier']),
  );
}

export function createSessionRepository(
  db: Kysely<AccountTables>,
  kind: DatabaseKind,
  statements: SessionStatements,
) {
  return {
    /** Inserts a session. The transaction has locked its account, so that no change of it comes between. */
    async insert(session: SessionRow): Promise<void> {
      await statements.insert(db, session);
    },

    /** Marks a session as used, and locks it until the end of the transaction. Returns false if it has ended. */
    async touch(id: string, now: number): Promise<boolean> {
      return (await statements.touch(db, { id, now })).numAffectedRows === 1n;
    },

    /** Returns a slice of the living sessions of an account, and the count of all. */
    async list(accountId: string, now: number, idleTime: number, slice: Slice) {
      const living = db
        .selectFrom('sessions')
        .where('account_id', '=', accountId)
        .where('expires_at', '>', now)
        .where('used_at', '>', now - idleTime);
      const rows = sliceOfRows(living.selectAll(), kind, slice);
      return { count: await countOf(living), rows: await rows.execute() };
    },

    /** Returns false if the account has no such session. */
    async delete(accountId: string, id: string): Promise<boolean> {
      const { numDeletedRows } = await db
        .deleteFrom('sessions')
        .where('account_id', '=', accountId)
        .where('id', '=', id)
        .executeTakeFirstOrThrow();
      return numDeletedRows > 0n;
    },

    async deleteAll(accountId: string): Promise<void> {
      await db.deleteFrom('sessions').where('account_id', '=', accountId).execute();
    },

    async deleteExpired(now: number, idleTime: number): Promise<void> {
      await db
        .deleteFrom('sessions')
        .where((eb) => eb.or([eb('expires_at', '<=', now), eb('used_at', '<=', now - idleTime)]))
        .execute();
    },
  };
}
