import { v7 as uuidv7 } from 'uuid';
import { type Identifier, keyOf } from '../accounts/names.ts';
import type { AccountRow } from '../accounts/repository.ts';
import type { AuditAction, Origin } from '../audit-events/repository.ts';
import { accountProblems, invalidCredentials } from '../problems.ts';
import { createSecretToken, hashOfToken } from '../secret-tokens.ts';
import type { SessionGrant } from '../sessions/service.ts';
import type { Repositories, Store } from '../store.ts';
import type { Attempt, AttemptLimiter } from './attempt-limiter.ts';
import type { DecoyHashes } from './decoy-hashes.ts';
import { refuseUnusable, refuseWeak } from './password-rules.ts';
import type { Passwords } from './passwords.ts';

export interface Client extends Origin {
  userAgent: string;
}

interface SignInDeps {
  store: Store;
  passwords: Passwords;
  limiter: AttemptLimiter;
  decoyHashes: DecoyHashes;
  /** In milliseconds. */
  sessionLifetime: number;
}

/** Everything that asks for a password; one limit on attempts covers all of it. */
export interface SignInService {
  /** @throws {Problem} `invalid_credentials`, `account_disabled`, `too_many_attempts`, `busy` */
  signIn(identifier: Identifier, password: string, client: Client): Promise<SessionGrant>;
  /**
   * Asks the owner of an account for the password again. Changes that need it use {@link lockVerified}.
   * Throws as {@link signIn}.
   */
  confirm(accountId: string, password: string, origin: Origin): Promise<AccountRow>;
  /** Also ends all sessions, and tells the owner. Throws as {@link signIn}, and `weak_password`. */
  changePassword(
    identifier: Identifier,
    passwords: { current: string; next: string },
    origin: Origin,
  ): Promise<void>;
}

/** The account that a password is tried for, or an unknown name. */
interface Candidate {
  account: AccountRow | undefined;
  /** The subject that attempts are counted by. */
  subject: string;
  /** The hash that a check costs as much as, where there is no account. */
  decoyHash: string | undefined;
}

export function createSignInService(deps: SignInDeps): SignInService {
  const { store, limiter } = deps;

  return {
    async signIn(identifier, password, client) {
      const candidate = await findCandidate(deps, identifier);
      return limiter.attempt(candidate.subject, client.address, async (attempt) => {
        for (;;) {
          const account = await verify(deps, candidate, password);
          if (!account) {
            throw await recordFailure(deps, attempt, candidate, client, 'sign_in_failed');
          }
          if (account.disabled_at !== null) {
            throw await recordRefusal(deps, attempt, account, client);
          }
          const session = await startSession(deps, attempt, account, client);
          if (session) return session;
          // The account has changed since it was read.
          candidate.account = await store.accounts.findById(account.id);
        }
      });
    },

    async confirm(accountId, password, origin) {
      const account = await store.accounts.findById(accountId);
      const candidate = { account, subject: accountId, decoyHash: undefined };
      return check(deps, candidate, password, origin, 'confirmation_failed');
    },

    async changePassword(identifier, { current, next }, origin) {
      refuseUnusable('/new_password', next);
      const candidate = await findCandidate(deps, identifier);
      const verified = await check(deps, candidate, current, origin, 'password_change_failed');
      refuseWeak('/new_password', next, verified);
      const password_hash = await deps.passwords.hash(next);
      await store.transaction(async (repositories) => {
        const { accounts, sessions, passwordResets, mails, auditEvents } = repositories;
        const { id, email } = await lockVerified(repositories, verified);
        await accounts.update(id, { password_hash });
        await sessions.deleteAll(id);
        await passwordResets.endAll(id);
        await mails.add({
          kind: 'password_changed',
          data: { account_id: id, to: email },
          subject: id,
        });
        await auditEvents.add({
          ...origin,
          action: 'password_changed',
          subjectId: id,
          actorId: id,
        });
      });
    },
  };
}

/** Makes the same statements whether or not there is such an account. */
async function findCandidate(
  { store, decoyHashes }: SignInDeps,
  identifier: Identifier,
): Promise<Candidate> {
  const name = 'username' in identifier ? identifier.username : identifier.email;
  const account = await store.accounts.find(identifier);
  const decoyHash = await decoyHashes.find(name);
  return { account, subject: account?.id ?? keyOf(name).toString('base64url'), decoyHash };
}

/** Tries a password as one attempt. Returns the account, or throws the recorded refusal. */
async function check(
  deps: SignInDeps,
  candidate: Candidate,
  password: string,
  origin: Origin,
  failure: AuditAction,
): Promise<AccountRow> {
  const { store, limiter } = deps;
  return limiter.attempt(candidate.subject, origin.address, async (attempt) => {
    const account = await verify(deps, candidate, password);
    if (!account) throw await recordFailure(deps, attempt, candidate, origin, failure);
    if (account.disabled_at !== null) throw await recordRefusal(deps, attempt, account, origin);
    await limiter.clear(store, attempt);
    return account;
  });
}

/**
 * Returns the account if the password is right. Takes the same time whether or not there is such an
 * account. While the password is at hand, a hash that was made with other settings is replaced.
 */
async function verify(
  deps: SignInDeps,
  { account, decoyHash }: Pick<Candidate, 'account' | 'decoyHash'>,
  password: string,
): Promise<AccountRow | undefined> {
  const { store, passwords } = deps;
  const stored = account?.password_hash ?? null;
  const isRight = await passwords.verify(stored, password, decoyHash);
  if (!isRight || !account || stored === null) return undefined;
  if (account.disabled_at !== null || !passwords.isOutdated(stored)) return account;
  const password_hash = await passwords.hash(password);
  const isReplaced = await store.accounts.replaceHash(account.id, stored, password_hash);
  if (isReplaced) return { ...account, password_hash };
  // A concurrent change was faster.
  return verify(deps, { account: await store.accounts.findById(account.id), decoyHash }, password);
}

/** Records a wrong password, which counts even where nothing else can be stored. Returns the refusal. */
async function recordFailure(
  { store, limiter }: SignInDeps,
  attempt: Attempt,
  { account }: Candidate,
  origin: Origin,
  action: AuditAction,
) {
  const subjectId = account?.id ?? null;
  try {
    await store.transaction(async (repositories) => {
      const isBlocked = await limiter.fail(repositories, attempt);
      const { auditEvents } = repositories;
      await auditEvents.add({ ...origin, action, subjectId });
      if (isBlocked) await auditEvents.add({ ...origin, action: 'locked_out', subjectId });
    });
  } catch (error) {
    await store.transaction((repositories) => limiter.fail(repositories, attempt));
    throw error;
  }
  return invalidCredentials();
}

/** Records the right password of a disabled account. Returns the refusal. */
async function recordRefusal(
  { store, limiter }: SignInDeps,
  attempt: Attempt,
  { id }: AccountRow,
  origin: Origin,
) {
  await store.transaction(async (repositories) => {
    await repositories.auditEvents.add({ ...origin, action: 'sign_in_refused', subjectId: id });
    await limiter.clear(repositories, attempt);
  });
  return accountProblems.accountDisabled();
}

/** Starts a session, unless the account has changed since its password was verified. */
async function startSession(
  { store, limiter, sessionLifetime }: SignInDeps,
  attempt: Attempt,
  verified: AccountRow,
  { userAgent, ...origin }: Client,
): Promise<SessionGrant | undefined> {
  const refreshToken = createSecretToken();
  const now = Date.now();
  const session = {
    id: uuidv7(),
    account_id: verified.id,
    created_at: now,
    used_at: now,
    expires_at: now + sessionLifetime,
    user_agent: userAgent.slice(0, 256),
    address: origin.address ?? '',
  };
  return store.transaction(async (repositories) => {
    const account = await repositories.accounts.lock(verified.id);
    if (account?.password_hash !== verified.password_hash) return undefined;
    if (account.disabled_at !== null) return undefined;
    const { id, username, role } = account;
    await repositories.sessions.insert(session);
    await repositories.refreshTokens.insert(session.id, hashOfToken(refreshToken), null);
    await repositories.auditEvents.add({
      ...origin,
      action: 'signed_in',
      subjectId: id,
      actorId: id,
      details: { session_id: session.id },
    });
    await limiter.clear(repositories, attempt);
    return { accountId: id, sessionId: session.id, username, role, refreshToken };
  });
}

/**
 * Locks an account until the end of the transaction, if it is as it was when its password was verified.
 *
 * @throws {Problem} `invalid_credentials`, `account_disabled`
 */
export async function lockVerified(
  { accounts }: Repositories,
  verified: AccountRow,
): Promise<AccountRow> {
  const account = await accounts.lock(verified.id);
  if (account?.password_hash !== verified.password_hash) throw invalidCredentials();
  if (account.disabled_at !== null) throw accountProblems.accountDisabled();
  return account;
}
