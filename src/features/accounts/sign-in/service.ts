import { v7 as uuidv7 } from 'uuid';
import { type Identifier, keyOf } from '../accounts/names.ts';
import type { AccountRow } from '../accounts/repository.ts';
import type { AuditAction, Origin } from '../audit-events/repository.ts';
import { accountProblems, CHALLENGE } from '../problems.ts';
import { hashOfToken, newRefreshToken } from '../sessions/refresh-tokens.ts';
import type { Repositories, Store } from '../store.ts';
import type { Attempt, Attempts } from './attempt-limiter.ts';
import type { StandIns } from './decoy-hashes.ts';
import { refuseUnfit, refuseWeak } from './password-rules.ts';
import type { Passwords } from './passwords.ts';

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
  standIns: StandIns;
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
  confirm(confirmation: Confirmation): Promise<void>;
}

export interface Confirmation {
  accountId: string;
  password: string;
  origin: Origin;
  /** Locks what must be locked before the account. */
  lockFirst?(repositories: Repositories, account: AccountRow): Promise<void>;
  /** Gets the account locked, with the password that was given, and neither disabled nor deleted. */
  change(repositories: Repositories, account: AccountRow): Promise<void>;
}

/** The account has changed while its password was being checked. */
class AccountChanged extends Error {}

/** Times that a password is checked anew because its account has changed meanwhile. */
const MAX_CHECKS = 3;

/** Who is asked for a password: an account, or a name that no account has. */
interface Candidate {
  account: AccountRow | undefined;
  /** What attempts are counted by. */
  subject: string;
  /** The hash whose cost a check has where there is no account. */
  standIn: string | undefined;
}

interface Proof {
  account: AccountRow;
  passwordHash: string;
  attempt: Attempt;
}

export function createCredentialsService(deps: CredentialsDeps): CredentialsService {
  const { store, passwords, attempts } = deps;

  /**
   * Checks a password, as one attempt, and goes on with `proceed` if it is right and its owner may sign
   * in. If `proceed` finds that the account has changed since, the password is checked against what it is now.
   */
  async function prove<T>(
    candidate: Candidate,
    password: string,
    origin: Origin,
    failure: AuditAction,
    proceed: (proof: Proof) => Promise<T>,
  ): Promise<T> {
    return attempts.guard(candidate.subject, origin.address, async (attempt) => {
      let current = candidate;
      for (let checks = 1; ; checks++) {
        const proof = await check(current, password, attempt, origin, failure);
        try {
          return await proceed(proof);
        } catch (error) {
          if (!(error instanceof AccountChanged)) throw error;
          if (checks === MAX_CHECKS) throw accountProblems.invalidCredentials(undefined, CHALLENGE);
          const account = await store.accounts.findById(proof.account.id);
          current = { ...candidate, account };
        }
      }
    });
  }

  /** Settles the attempt unless the password is right and the account enabled. */
  async function check(
    { account, standIn }: Candidate,
    password: string,
    attempt: Attempt,
    origin: Origin,
    failure: AuditAction,
  ): Promise<Proof> {
    const stored = account?.password_hash ?? null;
    // The same work, and the same statements, whether or not there is such an account.
    if (!(await passwords.verify(stored, password, standIn))) {
      await recordFailure(attempt, account, origin, failure);
      throw accountProblems.invalidCredentials(undefined, CHALLENGE);
    }
    const proof = { account: account!, passwordHash: stored!, attempt };
    if (account!.disabled_at === null) return proof;
    await refuse(proof, origin);
    throw accountProblems.accountDisabled();
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

  async function find(identifier: Identifier): Promise<Candidate> {
    const name = 'username' in identifier ? identifier.username : identifier.email;
    const account = await store.accounts.find(identifier);
    // Also where there is an account, so that both take the same statements.
    const standIn = await deps.standIns.find(name);
    return { account, subject: account?.id ?? keyOf(name).toString('base64url'), standIn };
  }

  return {
    async signIn(identifier, password, client) {
      return prove(await find(identifier), password, client, 'sign_in_failed', async (proof) => {
        const current = await upgradeHash(proof, password);
        return startSession(proof, current, client);
      });
    },

    async changePassword(identifier, current, next, origin) {
      refuseUnfit('/new_password', next);
      const candidate = await find(identifier);
      const failure = 'password_change_failed';
      await prove(candidate, current, origin, failure, async (proof) => {
        refuseWeak('/new_password', next, proof.account);
        const replacement = await passwords.hash(next);
        await proof.attempt.succeed(async (repositories) => {
          const { accounts, sessions, audit } = repositories;
          const { id } = await lockProven(repositories, proof);
          await accounts.update(id, { password_hash: replacement });
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

    async confirm({ accountId, password, origin, lockFirst, change }) {
      const account = await store.accounts.findById(accountId);
      const candidate = { account, subject: accountId, standIn: undefined };
      await prove(candidate, password, origin, 'confirmation_failed', (proof) =>
        proof.attempt.succeed(async (repositories) => {
          await lockFirst?.(repositories, proof.account);
          await change(repositories, await lockProven(repositories, proof));
        }),
      );
    },
  };

  /** Locks an account until the end of the transaction, as it was when its password was checked. */
  async function lockProven({ accounts }: Repositories, proof: Proof): Promise<AccountRow> {
    const locked = await accounts.lock(proof.account.id);
    if (locked?.password_hash !== proof.passwordHash || locked.disabled_at !== null) {
      throw new AccountChanged();
    }
    return locked;
  }

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
      address: client.address ?? '',
    };
    await attempt.succeed(async ({ sessions, audit }) => {
      if (!(await sessions.start(session, passwordHash))) throw new AccountChanged();
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
