import type { Kysely, Selectable } from 'kysely';
import { type DatabaseKind, integer } from '../../../database/database.ts';
import { prepare } from '../../../database/prepare.ts';
import type { AccountTables, SessionsTable } from '../tables.ts';

export type SessionRow = Selectable<SessionsTable>;

/** A refresh token with its session and account. */
export interface RefreshTokenRow extends SessionRow {
  username: string;
  role: string;
  disabled_at: number | null;
}

export type SessionRepository = ReturnType<typeof createSessionRepository>;
export type SessionStatements = ReturnType<typeof prepareSessionStatements>;

/** What runs at every sign-in and refresh. */
export function prepareSessionStatements(db: Kysely<AccountTables>, kind: DatabaseKind) {
  return {
    start: prepare((values: SessionRow & { passwordHash: string }) => {
      const account = db
        .selectFrom('accounts')
        .where('id', '=', values.account_id)
        .where('password_hash', '=', values.passwordHash)
        .where('disabled_at', 'is', null)
        .where('deleted_at', 'is', null)
        .select((eb) => [
          eb.val(values.id).as('id'),
          'accounts.id as account_id',
          integer(kind, values.created_at).as('created_at'),
          integer(kind, values.used_at).as('used_at'),
          integer(kind, values.expires_at).as('expires_at'),
          eb.val(values.user_agent).as('user_agent'),
          eb.val(values.address).as('address'),
        ]);
      return db
        .insertInto('sessions')
        .columns([
          'id',
          'account_id',
          'created_at',
          'used_at',
          'expires_at',
          'user_agent',
          'address',
        ])
        .expression(kind === 'sqlite' ? account : account.forUpdate());
    }),

    addToken: prepare((values: { hash: Buffer; sessionId: string; parentHash: Buffer | null }) =>
      db.insertInto('refresh_tokens').values({
        hash: values.hash,
        session_id: values.sessionId,
        parent_hash: values.parentHash,
        used_at: null,
      }),
    ),

    findByToken: prepare((values: { hash: Buffer }) =>
      db
        .selectFrom('refresh_tokens')
        .innerJoin('sessions', 'sessions.id', 'refresh_tokens.session_id')
        .innerJoin('accounts', 'accounts.id', 'sessions.account_id')
        .where('refresh_tokens.hash', '=', values.hash)
        .where('accounts.deleted_at', 'is', null)
        .selectAll('sessions')
        .select(['accounts.username', 'accounts.role', 'accounts.disabled_at']),
    ),

    touch: prepare((values: { id: string; now: number }) =>
      db.updateTable('sessions').set({ used_at: values.now }).where('id', '=', values.id),
    ),

    findSuperseding: prepare(({ hash }: { hash: Buffer }) => {
      const parent = db
        .selectFrom('refresh_tokens')
        .where('hash', '=', hash)
        .where('parent_hash', 'is not', null)
        .select('parent_hash');
      return db
        .selectFrom('refresh_tokens')
        .where((eb) => eb.or([eb('parent_hash', '=', hash), eb('parent_hash', '=', parent)]))
        .where('hash', '<>', hash)
        .where('used_at', 'is not', null)
        .select('hash')
        .limit(1);
    }),

    spendToken: prepare((values: { hash: Buffer; now: number }) =>
      db
        .updateTable('refresh_tokens')
        .set({ used_at: values.now })
        .where('hash', '=', values.hash)
        .where('used_at', 'is', null),
    ),
  };
}

export function createSessionRepository(db: Kysely<AccountTables>, statements: SessionStatements) {
  return {
    /**
     * Starts a session, if the account still has that hash and may sign in. The account is locked until
     * the end of the transaction, so that a password that is changed meanwhile ends this session too.
     */
    async start(session: SessionRow, passwordHash: string): Promise<boolean> {
      const { numAffectedRows } = await statements.start(db, { ...session, passwordHash });
      return numAffectedRows === 1n;
    },

    async addToken(sessionId: string, hash: Buffer, parentHash: Buffer | null): Promise<void> {
      await statements.addToken(db, { sessionId, hash, parentHash });
    },

    async findByToken(hash: Buffer): Promise<RefreshTokenRow | undefined> {
      const { rows } = await statements.findByToken(db, { hash });
      return rows[0] as RefreshTokenRow | undefined;
    },

    /** Notes that a session is used, and locks it until the end of the transaction. False if it has ended. */
    async touch(id: string, now: number): Promise<boolean> {
      return (await statements.touch(db, { id, now })).numAffectedRows === 1n;
    },

    /** Marks a token as exchanged. False if it already was. */
    async spendToken(hash: Buffer, now: number): Promise<boolean> {
      return (await statements.spendToken(db, { hash, now })).numAffectedRows === 1n;
    },

    /** When a token was exchanged for the first time. */
    async usedAt(hash: Buffer): Promise<number> {
      const { used_at } = await db
        .selectFrom('refresh_tokens')
        .where('hash', '=', hash)
        .select('used_at')
        .executeTakeFirstOrThrow();
      return used_at!;
    },

    /** Tells whether another token that was given for the same one, or one that was given for this, was exchanged. */
    async isSuperseded(hash: Buffer): Promise<boolean> {
      return (await statements.findSuperseding(db, { hash })).rows.length > 0;
    },

    async list(accountId: string, now: number, idleTime: number): Promise<SessionRow[]> {
      return db
        .selectFrom('sessions')
        .where('account_id', '=', accountId)
        .where('expires_at', '>', now)
        .where('used_at', '>', now - idleTime)
        .selectAll()
        .orderBy('id', 'desc')
        .execute();
    },

    async end(accountId: string, id: string): Promise<boolean> {
      const { numDeletedRows } = await db
        .deleteFrom('sessions')
        .where('account_id', '=', accountId)
        .where('id', '=', id)
        .executeTakeFirstOrThrow();
      return numDeletedRows > 0n;
    },

    async endAll(accountId: string): Promise<void> {
      await db.deleteFrom('sessions').where('account_id', '=', accountId).execute();
    },

    async removeEnded(now: number, idleTime: number): Promise<void> {
      await db
        .deleteFrom('sessions')
        .where((eb) => eb.or([eb('expires_at', '<=', now), eb('used_at', '<=', now - idleTime)]))
        .execute();
    },
  };
}
