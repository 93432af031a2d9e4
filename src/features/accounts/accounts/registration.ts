import { hash, randomBytes } from 'node:crypto';
import type { Transaction } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import { Problem, problems } from '../../../http/problem.ts';
import { type Claim, claimOf } from '../../../idempotency/claim.ts';
import type { Idempotency, Once } from '../../../idempotency/idempotency.ts';
import { idempotencyProblems } from '../../../idempotency/problems.ts';
import type { Origin } from '../audit-events/repository.ts';
import { accountProblems } from '../problems.ts';
import type { Role } from '../roles.ts';
import { refuseUnfit, refuseWeak } from '../sign-in/password-rules.ts';
import type { Passwords } from '../sign-in/passwords.ts';
import type { Store } from '../store.ts';
import type { AccountTables } from '../tables.ts';
import { foldCase, keyOf, searchTextOf } from './names.ts';
import type { AccountRow } from './repository.ts';

export interface NewAccount {
  email: string;
  password: string;
  username?: string;
  first_name?: string;
  last_name?: string;
}

export interface RegisterOptions {
  role?: Role;
  /** The Idempotency-Key. */
  key?: string | undefined;
}

/**
 * Makes an account, once for each key.
 *
 * @throws {Problem} `weak_password`, `email_taken`, `username_taken`, `busy`, those of idempotency keys
 */
export type Register = (
  account: NewAccount,
  origin: Origin,
  options?: RegisterOptions,
) => Promise<Once<AccountRow>>;

/** What the record of a registration keeps. */
interface Registered {
  id: string;
  /** A hash of all that was asked for, but the password. */
  content: string;
}

/** Whether someone knows the password of an account. */
export type Knows = (accountId: string, password: string, origin: Origin) => Promise<boolean>;

/** Names that are tried in place of an e-mail address that is someone's user name. */
const MAX_NAMES = 5;

export interface RegistrarDeps {
  store: Store;
  passwords: Passwords;
  idempotency: Idempotency;
  knows: Knows;
  /** The tier of new accounts. */
  defaultTier: string;
}

export function createRegistrar({
  store,
  passwords,
  idempotency,
  knows,
  defaultTier,
}: RegistrarDeps): Register {
  async function insert(
    row: AccountRow,
    origin: Origin,
    claim: Claim | undefined,
    content: string,
  ): Promise<Once<Registered>> {
    return idempotency.commit(claim, async (trx: Transaction<AccountTables>) => {
      const { accounts, audit } = store.within(trx);
      await accounts.insert(row);
      await audit.add({
        ...origin,
        action: 'account_created',
        subjectId: row.id,
        details: { role: row.role },
      });
      return { id: row.id, content };
    });
  }

  /**
   * The account that an earlier request made, for whoever knows its password.
   *
   * @throws {Problem} `idempotency_key_reused`
   */
  async function registered(
    known: Once<Registered> | undefined,
    content: string,
    password: string,
    origin: Origin,
  ): Promise<Once<AccountRow> | undefined> {
    const account = known && (await store.accounts.findById(known.result.id));
    if (!account || !(await knows(account.id, password, origin))) return undefined;
    if (known.result.content !== content) throw idempotencyProblems.keyReused();
    return { result: account, replayed: true };
  }

  return async (account, origin, { role = 'user', key } = {}) => {
    const { email, username = email, first_name = '', last_name = '', password } = account;
    const owner = { username, email, first_name, last_name };
    refuseForeignAddress(owner);
    refuseUnfit('/password', password);
    refuseWeak('/password', password, owner);
    let claim = key === undefined ? undefined : claimOfRegistration(key, account);
    const content = contentOf(account);
    const earlier = await registered(await idempotency.recall(claim), content, password, origin);
    if (earlier) return earlier;
    const row: AccountRow = {
      id: uuidv7(),
      ...owner,
      username_key: keyOf(username),
      email_key: keyOf(email),
      search_text: searchTextOf(owner),
      role,
      tier: defaultTier,
      password_hash: await passwords.hashOfNewAccount(password),
      created_at: Date.now(),
      disabled_at: null,
      deleted_at: null,
    };
    for (let names = 1; ; names++) {
      try {
        const once = await insert(row, origin, claim, content);
        if (!once.replayed) return { result: row, replayed: false };
        const concurrent = await registered(once, content, password, origin);
        if (concurrent) return concurrent;
        // The key was used with another password, or for an account that is gone: as if there were none.
        claim = undefined;
      } catch (error) {
        if (!(error instanceof Problem && error.code === accountProblems.usernameTaken.code)) {
          throw error;
        }
        // Databases differ in which of two unique indexes they find broken first.
        if (await store.accounts.find({ email })) throw accountProblems.emailTaken();
        if (account.username !== undefined || names === MAX_NAMES) throw error;
        rename(row, nameFrom(email));
      }
    }
  };
}

/**
 * Strangers may have the same key: it is of the address that is registered, and says nothing to whoever
 * does not know the password, so what else they ask for is compared after that.
 */
function claimOfRegistration(key: string, { email }: NewAccount): Claim {
  return claimOf({ sender: foldCase(email), operation: 'POST /accounts', key, content: null });
}

/** A hash of it would give the password away, so this leaves it out. */
function contentOf({ email, username, first_name, last_name }: NewAccount): string {
  const text = JSON.stringify([email, username, first_name, last_name]);
  return hash('sha256', text, 'base64url');
}

function rename(row: AccountRow, username: string): void {
  row.username = username;
  row.username_key = keyOf(username);
  row.search_text = searchTextOf(row);
}

function nameFrom(email: string): string {
  return `${email.split('@', 1)[0]!.slice(0, 64)}-${randomBytes(4).toString('hex')}`;
}

/** Nobody can take the user name that someone else’s address would give. */
function refuseForeignAddress({ username, email }: { username: string; email: string }): void {
  const isAddress = foldCase(username).includes('@');
  if (!isAddress || username.toLowerCase() === email.toLowerCase()) return;
  const message = 'with an @ must be the e-mail address of the account';
  throw problems.validationFailed(undefined, { errors: [{ path: '/username', message }] });
}
