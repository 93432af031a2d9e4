import type { Origin } from '../audit-events/repository.ts';
import { accountProblems, CHALLENGE } from '../problems.ts';
import type { SessionGrant } from '../sign-in/service.ts';
import type { Store } from '../store.ts';
import { hashOfToken, newRefreshToken } from './refresh-tokens.ts';
import type { RefreshTokenRow, SessionRow } from './repository.ts';

export interface SessionSettings {
  /** Milliseconds. */
  sessionIdleTime: number;
  refreshGrace: number;
  auditLifetime: number;
}

/** What becomes of sessions once they have started. */
export interface SessionService {
  /** @throws {Problem} `invalid_refresh_token` */
  refresh(refreshToken: string, origin: Origin): Promise<SessionGrant>;
  list(accountId: string): Promise<SessionRow[]>;
  /** @throws {Problem} `session_not_found` */
  end(accountId: string, sessionId: string, origin: Origin): Promise<void>;
  signOut(accountId: string, sessionId: string, origin: Origin): Promise<void>;
  /** Removes what nobody can use any more, and events that are too old to keep. */
  sweep(): Promise<void>;
}

/** How the exchange of a token ended. */
type Exchange = 'done' | 'ended' | 'reused';

export function createSessionService(store: Store, settings: SessionSettings): SessionService {
  const isAlive = ({ disabled_at, expires_at, used_at }: RefreshTokenRow, now: number) =>
    disabled_at === null && now < expires_at && now < used_at + settings.sessionIdleTime;

  /**
   * Exchanges a token for its successor. Each works once, which leaves a thief and the owner with the
   * same token, and the second of them ends the session (RFC 9700 section 4.14.2). An honest client
   * repeats itself, too: an answer is lost, or two tabs wake up at once. So a token works again for a
   * moment, as long as none of its successors has been used; and of these, one can be used.
   */
  async function exchange(sessionId: string, old: Buffer, next: Buffer): Promise<Exchange> {
    return store.transaction(async ({ sessions }) => {
      const now = Date.now();
      // First of all the session is locked: what happens to it happens one after the other.
      if (!(await sessions.touch(sessionId, now))) return 'ended';
      if (await sessions.isSuperseded(old)) return 'reused';
      if (!(await sessions.spendToken(old, now))) {
        if (now > (await sessions.usedAt(old)) + settings.refreshGrace) return 'reused';
      }
      await sessions.addToken(sessionId, next, old);
      return 'done';
    });
  }

  return {
    async refresh(refreshToken, origin) {
      const old = hashOfToken(refreshToken);
      const found = await store.sessions.findByToken(old);
      if (!found || !isAlive(found, Date.now()))
        throw accountProblems.invalidRefreshToken(undefined, CHALLENGE);
      const next = newRefreshToken();
      const outcome = await exchange(found.id, old, hashOfToken(next));
      if (outcome === 'reused') await revoke(found, origin);
      if (outcome !== 'done') throw accountProblems.invalidRefreshToken(undefined, CHALLENGE);
      return {
        accountId: found.account_id,
        sessionId: found.id,
        username: found.username,
        role: found.role,
        refreshToken: next,
      };
    },

    list: (accountId) => store.sessions.list(accountId, Date.now(), settings.sessionIdleTime),

    async end(accountId, sessionId, origin) {
      if (!(await finish(accountId, sessionId, origin, 'session_ended'))) {
        throw accountProblems.sessionNotFound();
      }
    },

    async signOut(accountId, sessionId, origin) {
      await finish(accountId, sessionId, origin, 'signed_out');
    },

    async sweep() {
      const now = Date.now();
      await store.sessions.removeEnded(now, settings.sessionIdleTime);
      await store.attempts.removeForgotten(now);
      await store.audit.removeBefore(now - settings.auditLifetime);
    },
  };

  async function revoke({ account_id, id }: RefreshTokenRow, origin: Origin): Promise<void> {
    await store.transaction(async ({ sessions, audit }) => {
      if (!(await sessions.end(account_id, id))) return;
      await audit.add({
        ...origin,
        action: 'refresh_token_reused',
        subjectId: account_id,
        details: { session_id: id },
      });
    });
  }

  async function finish(
    accountId: string,
    sessionId: string,
    origin: Origin,
    action: 'session_ended' | 'signed_out',
  ): Promise<boolean> {
    return store.transaction(async ({ sessions, audit }) => {
      const ended = await sessions.end(accountId, sessionId);
      if (ended) {
        await audit.add({
          ...origin,
          action,
          subjectId: accountId,
          actorId: accountId,
          details: { session_id: sessionId },
        });
      }
      return ended;
    });
  }
}
