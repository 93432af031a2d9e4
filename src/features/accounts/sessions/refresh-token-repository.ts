import type { Kysely } from 'kysely';
import { prepare } from '../../../database/prepare.ts';
import type { AccountTables } from '../tables.ts';
import type { SessionRow } from './repository.ts';

/** A refresh token's session, with what its account is now. */
export interface RefreshableSession extends SessionRow {
  username: string;
  role: string;
  disabled_at: number | null;
}

type RefreshTokenStatements = ReturnType<typeof prepareRefreshTokenStatements>;

/** Prepares the statements of every sign-in and refresh. */
export function prepareRefreshTokenStatements(db: Kysely<AccountTables>) {
  return {
    insert: prepare((values: { hash: Buffer; sessionId: string; parentHash: Buffer | null }) =>
      db.insertInto('refresh_tokens').values({
        hash: values.hash,
        session_id: values.sessionId,
        parent_hash: values.parentHash,
        used_at: null,
      }),
    ),

    findSession: prepare((values: { hash: Buffer }) =>
      db
        .selectFrom('refresh_tokens')
        .innerJoin('sessions', 'sessions.id', 'refresh_tokens.session_id')
        .innerJoin('accounts', 'accounts.id', 'sessions.account_id')
        .where('refresh_tokens.hash', '=', values.hash)
        .where('accounts.deleted_at', 'is', null)
        .selectAll('sessions')
        .select(['accounts.username', 'accounts.role', 'accounts.disabled_at']),
    ),

    findUsedRelative: prepare(({ hash }: { hash: Buffer }) => {
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

    markUsed: prepare((values: { hash: Buffer; now: number }) =>
      db
        .updateTable('refresh_tokens')
        .set({ used_at: values.now })
        .where('hash', '=', values.hash)
        .where('used_at', 'is', null),
    ),
  };
}

/** Refresh tokens, named by their hashes. */
export function createRefreshTokenRepository(
  db: Kysely<AccountTables>,
  statements: RefreshTokenStatements,
) {
  return {
    /** Inserts a token; its parent is the token that was exchanged for it. */
    async insert(sessionId: string, hash: Buffer, parentHash: Buffer | null): Promise<void> {
      await statements.insert(db, { sessionId, hash, parentHash });
    },

    async findSession(hash: Buffer): Promise<RefreshableSession | undefined> {
      const { rows } = await statements.findSession(db, { hash });
      return rows[0] as RefreshableSession | undefined;
    },

    /** Returns false if the token was used before. */
    async markUsed(hash: Buffer, now: number): Promise<boolean> {
      return (await statements.markUsed(db, { hash, now })).numAffectedRows === 1n;
    },

    /** Returns the time at which a used token was first used. */
    async usedAt(hash: Buffer): Promise<number> {
      const { used_at } = await db
        .selectFrom('refresh_tokens')
        .where('hash', '=', hash)
        .select('used_at')
        .executeTakeFirstOrThrow();
      return used_at!;
    },

    /** Tells whether a child of the token, or another child of its parent, was used. */
    async isSuperseded(hash: Buffer): Promise<boolean> {
      return (await statements.findUsedRelative(db, { hash })).rows.length > 0;
    },
  };
}
