import { v7 as uuidv7 } from 'uuid';
import type { Attempt, Attempts } from './attempts.ts';
import { type Identifier, keyOf } from './identity.ts';
import { refuseUnfit, refuseWeak } from './password-rules.ts';
import type { Passwords } from './passwords.ts';
import { accountProblems, CHALLENGE } from './problems.ts';
import type { AccountRow } from './repositories/accounts.ts';
import type { AuditAction, Origin } from './repositories/audit.ts';
import type { Repositories, Store } from './repositories/store.ts';
import { hashOfToken, newRefreshToken } from './tokens.ts';

/** A session that was just started or refreshed: what its tokens are made of. */
export interface SessionGrant {
  accountId: string;
  sessionId: string;
  username: string;
  role: string;
  refreshToken: string;
}

export interface Client extends Origin {
  userAgent: string;
}

export interface CredentialsDeps {
  store: Store;
  passwords: Passwords;
  attempts: Attempts;
  /** Milliseconds. */
  sessionLifetime: number;
}

/** All that asks for a password. */
export interface CredentialsService {
  /** @throws {Problem} `invalid_credentials`, `account_disabled`, `too_many_attempts`, `busy` */
  signIn(identifier: Identifier, password: string, client: Client): Promise<SessionGrant>;
  /** Also ends all sessions. Throws as {@link signIn}, and `weak_password`. */
  changePassword(
    identifier: Identifier,
    current: string,
    next: string,
    origin: Origin,
  ): Promise<void>;
  /**
   * Asks the owner of an account for the password again, and makes a change in the same transaction.
   * Throws as {@link signIn}.
   */
  confirm(
    accountId: string,
    password: string,
    origin: Origin,
    change: (repositories: Repositories, account: AccountRow) => Promise<void>,
  ): Promise<void>;
}

/** The hash has been replaced while its password was being checked. */
class Overtaken extends Error {}

interface Proof {
  account: AccountRow;
  passwordHash: string;
  attempt: Attempt;
}

export function createCredentialsService(deps: CredentialsDeps): CredentialsService {
  const { store, passwords, attempts } = deps;

  /** Checks a password, as one attempt, and goes on with `proceed` if it is right and its owner may sign in. */
  async function prove<T>(
    account: AccountRow | undefined,
    subject: string,
    password: string,
    origin: Origin,
    failure: AuditAction,
    proceed: (proof: Proof) => Promise<T>,
  ): Promise<T> {
    return attempts.guard(subject, origin.address, async (attempt) => {
      const stored = account?.password_hash ?? null;
      // The same work, and the same statements, whether or not there is such an account.
      if (!(await passwords.verify(stored, password))) {
        await recordFailure(attempt, account, origin, failure);
        throw accountProblems.invalidCredentials(undefined, CHALLENGE);
      }
      const proof = { account: account!, passwordHash: stored!, attempt };
      if (account!.disabled_at !== null) {
        await refuse(proof, origin);
        throw accountProblems.accountDisabled();
      }
      try {
        return await proceed(proof);
      } catch (error) {
        if (error instanceof Overtaken)
          throw accountProblems.invalidCredentials(undefined, CHALLENGE);
        throw error;
      }
    });
  }

  async function recordFailure(
    attempt: Attempt,
    account: AccountRow | undefined,
    origin: Origin,
    action: AuditAction,
  ): Promise<void> {
    await attempt.fail(async ({ audit }, blocked) => {
      const subjectId = account?.id ?? null;
      await audit.add({ ...origin, action, subjectId });
      if (blocked) await audit.add({ ...origin, action: 'locked_out', subjectId });
    });
  }

  async function refuse({ account, attempt }: Proof, origin: Origin): Promise<void> {
    await attempt.succeed(({ audit }) =>
      audit.add({ ...origin, action: 'sign_in_refused', subjectId: account.id }),
    );
  }

  async function find(identifier: Identifier) {
    const account = await store.accounts.find(identifier);
    const name = 'username' in identifier ? identifier.username : identifier.email;
    return { account, subject: account?.id ?? keyOf(name).toString('base64url') };
  }

  return {
    async signIn(identifier, password, client) {
      const { account, subject } = await find(identifier);
      return prove(account, subject, password, client, 'sign_in_failed', async (proof) => {
        const current = await upgradeHash(proof, password);
        return startSession(proof, current, client);
      });
    },

    async changePassword(identifier, current, next, origin) {
      refuseUnfit('/new_password', next);
      const { account, subject } = await find(identifier);
      const failure = 'password_change_failed';
      await prove(account, subject, current, origin, failure, async (proof) => {
        refuseWeak('/new_password', next, proof.account);
        const replacement = await passwords.hash(next);
        await proof.attempt.succeed(async ({ accounts, sessions, audit }) => {
          const { id } = proof.account;
          if (!(await accounts.replaceHash(id, proof.passwordHash, replacement))) {
            throw new Overtaken();
          }
          await sessions.endAll(id);
          await audit.add({
            ...origin,
            action: 'password_changed',
            subjectId: id,
            actorId: id,
          });
        });
      });
    },

    async confirm(accountId, password, origin, change) {
      const account = await store.accounts.findById(accountId);
      await prove(account, accountId, password, origin, 'confirmation_failed', (proof) =>
        proof.attempt.succeed((repositories) => change(repositories, proof.account)),
      );
    },
  };

  /** With settings that have changed since, the hash is made anew while the password is at hand. */
  async function upgradeHash({ account, passwordHash }: Proof, password: string): Promise<string> {
    if (!passwords.isOutdated(passwordHash)) return passwordHash;
    const upgraded = await passwords.hash(password);
    const replaced = await store.accounts.replaceHash(account.id, passwordHash, upgraded);
    return replaced ? upgraded : passwordHash;
  }

  async function startSession(
    { account, attempt }: Proof,
    passwordHash: string,
    client: Client,
  ): Promise<SessionGrant> {
    const now = Date.now();
    const refreshToken = newRefreshToken();
    const session = {
      id: uuidv7(),
      account_id: account.id,
      created_at: now,
      used_at: now,
      expires_at: now + deps.sessionLifetime,
      user_agent: client.userAgent.slice(0, 256),
      address: client.address,
    };
    await attempt.succeed(async ({ sessions, audit }) => {
      if (!(await sessions.start(session, passwordHash))) throw new Overtaken();
      await sessions.addToken(session.id, hashOfToken(refreshToken), null);
      await audit.add({
        address: client.address,
        requestId: client.requestId,
        action: 'signed_in',
        subjectId: account.id,
        actorId: account.id,
        details: { session_id: session.id },
      });
    });
    return {
      accountId: account.id,
      sessionId: session.id,
      username: account.username,
      role: account.role,
      refreshToken,
    };
  }
}
