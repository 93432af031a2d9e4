import { hash, randomBytes } from 'node:crypto';
import type { Transaction } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import { Problem, problems } from '../../../http/problem.ts';
import { type Claim, claimOf } from '../../../idempotency/claim.ts';
import type { Idempotency, Once } from '../../../idempotency/idempotency.ts';
import { idempotencyProblems } from '../../../idempotency/problems.ts';
import { facts } from '../../../telemetry.ts';
import type { Origin } from '../audit-events/repository.ts';
import { accountProblems } from '../problems.ts';
import type { Role } from '../roles.ts';
import { refuseUnusable, refuseWeak } from '../sign-in/password-rules.ts';
import type { Passwords } from '../sign-in/passwords.ts';
import type { SignInService } from '../sign-in/service.ts';
import type { Store } from '../store.ts';
import type { AccountTables } from '../tables.ts';
import { foldCase, keyOf, type Owner, searchTextOf } from './names.ts';
import type { RegistrationLimit } from './registration-limit.ts';
import type { AccountRow } from './repository.ts';
import type { NewAccount } from './schemas.ts';

interface RegistrationOptions {
  /** Administrators are registered by the operator, and not limited. */
  role?: Role;
  /** The Idempotency-Key. */
  key?: string | undefined;
}

/**
 * Registers an account, once for each key.
 *
 * @throws {Problem} `weak_password`, `email_taken`, `username_taken`, `too_many_registrations`, `busy`, those of
 * idempotency keys
 */
export type Register = (
  account: NewAccount,
  origin: Origin,
  options?: RegistrationOptions,
) => Promise<Once<AccountRow>>;

interface RegistrationDeps {
  store: Store;
  passwords: Passwords;
  signIn: Pick<SignInService, 'confirm'>;
  limit: RegistrationLimit;
  idempotency: Idempotency;
  /** The tier of new accounts. */
  defaultTier: string;
}

/** A request to register, with what identifies its repetitions. */
interface Request {
  account: NewAccount;
  origin: Origin;
  claim: Claim | undefined;
  /** A hash of everything that was asked for except the password, whose hash would give it away. */
  content: string;
}

/** The record of a registration, which a repetition finds. */
interface Registered {
  id: string;
  content: string;
}

/** User names that are tried in place of an e-mail address that is another account's user name. */
const MAX_NAMES = 5;

export function createRegistration(deps: RegistrationDeps): Register {
  const { passwords, limit, idempotency, defaultTier } = deps;

  return async (account, origin, { role = 'user', key } = {}) => {
    const { email, username = email, first_name = '', last_name = '', password } = account;
    const owner = { username, email, first_name, last_name };
    refuseForeignAddress(owner);
    refuseUnusable('/password', password);
    refuseWeak('/password', password, owner);
    const request: Request = {
      account,
      origin,
      claim: key === undefined ? undefined : claimOfRegistration(key, email),
      content: contentOf(account),
    };
    const earlier = await findEarlier(deps, request, await idempotency.recall(request.claim));
    if (earlier) return earlier;
    const isLimited = role === 'user';
    if (isLimited) await limit.check(origin.address);
    const password_hash = await passwords.hashOfNewAccount(password);
    const registration = isLimited ? await limit.spend(origin.address) : undefined;
    const once = await insert(
      deps,
      request,
      toRow(owner, { role, tier: defaultTier, password_hash }),
    );
    if (!once.replayed) facts.publish({ type: 'registration' });
    else if (registration) await limit.refund(registration);
    return once;
  };
}

/**
 * Returns the account that an earlier request with the key registered, to someone who proves its password.
 *
 * @throws {Problem} `idempotency_key_reused`
 */
async function findEarlier(
  { store, signIn }: RegistrationDeps,
  { account, origin, content }: Request,
  earlier: Once<Registered> | undefined,
): Promise<Once<AccountRow> | undefined> {
  const found = earlier && (await store.accounts.findById(earlier.result.id));
  if (!found || !(await isPasswordOf(signIn, found.id, account.password, origin))) return undefined;
  if (earlier.result.content !== content) throw idempotencyProblems.keyReused();
  return { result: found, replayed: true };
}

/** Tries a password as an attempt to sign in. Why it is refused stays unsaid: a stranger may be asking. */
async function isPasswordOf(
  signIn: Pick<SignInService, 'confirm'>,
  accountId: string,
  password: string,
  origin: Origin,
): Promise<boolean> {
  try {
    await signIn.confirm(accountId, password, origin);
    return true;
  } catch (error) {
    if (error instanceof Problem && error.status < 500) return false;
    throw error;
  }
}

/** Inserts an account. Where the user name is made of the e-mail address and taken, others are tried. */
async function insert(
  deps: RegistrationDeps,
  request: Request,
  row: AccountRow,
): Promise<Once<AccountRow>> {
  const { email, username } = request.account;
  let { claim } = request;
  for (let names = 1; ; names++) {
    try {
      const once = await insertOnce(deps, { ...request, claim }, row);
      if (!once.replayed) return { result: row, replayed: false };
      const earlier = await findEarlier(deps, request, once);
      if (earlier) return earlier;
      // The key was used with another password, or for an account that is gone: as if there were none.
      claim = undefined;
    } catch (error) {
      const isTaken = error instanceof Problem && error.code === accountProblems.usernameTaken.code;
      if (!isTaken) throw error;
      // Databases differ in which of two unique indexes they report first.
      if (await deps.store.accounts.find({ email })) throw accountProblems.emailTaken();
      if (username !== undefined || names === MAX_NAMES) throw error;
      Object.assign(row, namesOf({ ...row, username: usernameFrom(email) }));
    }
  }
}

async function insertOnce(
  { store, idempotency }: RegistrationDeps,
  { origin, claim, content }: Request,
  row: AccountRow,
): Promise<Once<Registered>> {
  return idempotency.commit(claim, async (trx: Transaction<AccountTables>) => {
    const { accounts, auditEvents } = store.within(trx);
    const { id, role } = row;
    await accounts.insert(row);
    await auditEvents.add({
      ...origin,
      action: 'account_created',
      subjectId: id,
      details: { role },
    });
    return { id, content };
  });
}

function toRow(
  owner: Owner,
  members: Pick<AccountRow, 'role' | 'tier' | 'password_hash'>,
): AccountRow {
  return {
    id: uuidv7(),
    ...owner,
    ...namesOf(owner),
    email_key: keyOf(owner.email),
    ...members,
    created_at: Date.now(),
    disabled_at: null,
    deleted_at: null,
  };
}

/** Returns the user name, with the columns that depend on it. */
function namesOf(owner: Owner) {
  const { username } = owner;
  return { username, username_key: keyOf(username), search_text: searchTextOf(owner) };
}

function usernameFrom(email: string): string {
  return `${email.split('@', 1)[0]!.slice(0, 64)}-${randomBytes(4).toString('hex')}`;
}

/**
 * Returns a claim under the address that is registered, since strangers may use the same key. Other members
 * are compared once the password is proven, so that the claim tells nothing about them.
 */
function claimOfRegistration(key: string, email: string): Claim {
  return claimOf({ sender: foldCase(email), operation: 'POST /accounts', key, content: null });
}

function contentOf({ email, username, first_name, last_name }: NewAccount): string {
  const text = JSON.stringify([email, username, first_name, last_name]);
  return hash('sha256', text, 'base64url');
}

/** Refuses a user name that is the e-mail address of someone else, or could be. */
function refuseForeignAddress({ username, email }: Owner): void {
  const isAddress = foldCase(username).includes('@');
  if (!isAddress || username.toLowerCase() === email.toLowerCase()) return;
  const message = 'with an @ must be the e-mail address of the account';
  throw problems.validationFailed(undefined, { errors: [{ path: '/username', message }] });
}
