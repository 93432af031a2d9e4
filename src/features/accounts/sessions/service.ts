import type { Found, Slice } from '../../../database/keyset.ts';
import type { Origin } from '../audit-events/repository.ts';
import { accountProblems, invalidRefreshToken } from '../problems.ts';
import { createSecretToken, hashOfToken } from '../secret-tokens.ts';
import type { Store } from '../store.ts';
import type { RefreshableSession } from './refresh-token-repository.ts';
import type { SessionRow } from './repository.ts';

/** A session that was just started or refreshed, with what its tokens are made of. */
export interface SessionGrant {
  accountId: string;
  sessionId: string;
  username: string;
  role: string;
  refreshToken: string;
}

/** Durations in milliseconds. */
interface SessionSettings {
  sessionIdleTime: number;
  refreshGrace: number;
}

export interface SessionService {
  /** @throws {Problem} `invalid_refresh_token` */
  refresh(refreshToken: string, origin: Origin): Promise<SessionGrant>;
  list(accountId: string, slice: Slice): Promise<Found<SessionRow>>;
  /** @throws {Problem} `session_not_found` */
  delete(accountId: string, sessionId: string, origin: Origin): Promise<void>;
  signOut(accountId: string, sessionId: string, origin: Origin): Promise<void>;
}

export function createSessionService(store: Store, settings: SessionSettings): SessionService {
  return {
    async refresh(refreshToken, origin) {
      const used = hashOfToken(refreshToken);
      const session = await store.refreshTokens.findSession(used);
      if (!session || !isAlive(session, Date.now(), settings)) throw invalidRefreshToken();
      const next = createSecretToken();
      const outcome = await exchange(store, settings, session.id, used, hashOfToken(next));
      if (outcome === 'reused') await revoke(store, session, origin);
      if (outcome !== 'exchanged') throw invalidRefreshToken();
      const { account_id: accountId, id: sessionId, username, role } = session;
      return { accountId, sessionId, username, role, refreshToken: next };
    },

    list: (accountId, slice) =>
      store.snapshot(({ sessions }) =>
        sessions.list(accountId, Date.now(), settings.sessionIdleTime, slice),
      ),

    async delete(accountId, sessionId, origin) {
      const isDeleted = await end(store, { accountId, sessionId, origin }, 'session_ended');
      if (!isDeleted) throw accountProblems.sessionNotFound();
    },

    async signOut(accountId, sessionId, origin) {
      await end(store, { accountId, sessionId, origin }, 'signed_out');
    },
  };
}

function isAlive(
  { disabled_at, expires_at, used_at }: RefreshableSession,
  now: number,
  { sessionIdleTime }: SessionSettings,
): boolean {
  return disabled_at === null && now < expires_at && now < used_at + sessionIdleTime;
}

/**
 * Exchanges a token for its successor. Each works once: a thief and the owner hold the same token, and the
 * second of them to use it ends the session (RFC 9700 section 4.14.2). Honest clients repeat themselves too,
 * when an answer is lost or two tabs wake up at once. So a token works again within the grace time, as
 * long as none of its successors was used; and of these, one can be used.
 */
async function exchange(
  store: Store,
  { refreshGrace }: SessionSettings,
  sessionId: string,
  used: Buffer,
  next: Buffer,
): Promise<'exchanged' | 'ended' | 'reused'> {
  return store.transaction(async ({ sessions, refreshTokens }) => {
    const now = Date.now();
    // Locks the session, so that concurrent exchanges come one after the other.
    if (!(await sessions.touch(sessionId, now))) return 'ended';
    if (await refreshTokens.isSuperseded(used)) return 'reused';
    const isFirstUse = await refreshTokens.markUsed(used, now);
    if (!isFirstUse && now > (await refreshTokens.usedAt(used)) + refreshGrace) return 'reused';
    await refreshTokens.insert(sessionId, next, used);
    return 'exchanged';
  });
}

/** Ends a session whose refresh token two parties hold. */
async function revoke(store: Store, session: RefreshableSession, origin: Origin): Promise<void> {
  const { id, account_id: subjectId } = session;
  await store.transaction(async ({ sessions, auditEvents }) => {
    if (!(await sessions.delete(subjectId, id))) return;
    const details = { session_id: id };
    await auditEvents.add({ ...origin, action: 'refresh_token_reused', subjectId, details });
  });
}

/** Ends a session at its owner's request. Returns false if it had ended. */
async function end(
  store: Store,
  { accountId, sessionId, origin }: { accountId: string; sessionId: string; origin: Origin },
  action: 'session_ended' | 'signed_out',
): Promise<boolean> {
  return store.transaction(async ({ sessions, auditEvents }) => {
    if (!(await sessions.delete(accountId, sessionId))) return false;
    await auditEvents.add({
      ...origin,
      action,
      subjectId: accountId,
      actorId: accountId,
      details: { session_id: sessionId },
    });
    return true;
  });
}
