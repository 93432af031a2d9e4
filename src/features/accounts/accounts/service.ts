import type { AnyTransaction } from '../../../database/database.ts';
import { Problem, problems } from '../../../http/problem.ts';
import type { Idempotency } from '../../../idempotency/idempotency.ts';
import type { AuditAction, Origin } from '../audit-events/repository.ts';
import { accountProblems } from '../problems.ts';
import type { Role } from '../roles.ts';
import type { Passwords } from '../sign-in/passwords.ts';
import type { CredentialsService } from '../sign-in/service.ts';
import type { Repositories, Store } from '../store.ts';
import { keyOf, searchTextOf } from './names.ts';
import { createRegistrar, type Knows, type Register } from './registration.ts';
import type { RegistrationLimit } from './registration-limit.ts';
import type { AccountFilter, AccountRow } from './repository.ts';

export interface OwnChanges {
  first_name?: string;
  last_name?: string;
  email?: string;
  current_password?: string;
}

export interface ManagedChanges {
  role?: Role;
  tier?: string;
  disabled?: boolean;
}

/** Who does something, and from where. */
export interface Actor extends Origin {
  accountId: string;
}

/** What accounts need to know of tiers; app.ts passes it in. */
export interface AccountTiers {
  /** The tier of new accounts. */
  defaultTier: string;
  /**
   * Keeps a tier from being deleted until the end of the transaction.
   *
   * @returns false where there is no such tier
   */
  lock(trx: AnyTransaction, name: string): Promise<boolean>;
}

export interface AccountDeps {
  store: Store;
  passwords: Passwords;
  credentials: CredentialsService;
  registrations: RegistrationLimit;
  idempotency: Idempotency;
  tiers: AccountTiers;
}

/** What becomes of accounts, by their owners and by administrators. */
export interface AccountService {
  register: Register;
  /** @throws {Problem} `account_not_found` */
  get(id: string): Promise<AccountRow>;
  list(filter: AccountFilter): Promise<{ count: number; rows: AccountRow[] }>;
  changeOwn(actor: Actor, changes: OwnChanges): Promise<AccountRow>;
  deleteOwn(actor: Actor, password: string): Promise<void>;
  /** @throws {Problem} `account_not_found`, `last_administrator`, `unknown_tier` */
  manage(actor: Actor, id: string, changes: ManagedChanges): Promise<AccountRow>;
}

export function createAccountService(deps: AccountDeps): AccountService {
  const { store, passwords, credentials } = deps;

  async function get(id: string): Promise<AccountRow> {
    const account = await store.accounts.findById(id);
    if (!account) throw accountProblems.accountNotFound();
    return account;
  }

  return {
    get,
    list: (filter) => store.snapshot(({ accounts }) => accounts.list(filter)),

    register: limited(
      createRegistrar({
        store,
        passwords,
        idempotency: deps.idempotency,
        defaultTier: deps.tiers.defaultTier,
        knows: knowing(credentials),
      }),
      deps.registrations,
    ),

    async changeOwn(actor, { current_password, ...changes }) {
      const apply = async (repositories: Repositories, account: AccountRow) => {
        changed = await changeMembers(repositories, account, actor, changes);
      };
      let changed: AccountRow | undefined;
      if (changes.email === undefined) {
        await store.transaction(async (repositories) =>
          apply(repositories, await lockEnabled(repositories, actor.accountId)),
        );
      } else {
        if (current_password === undefined) throw passwordMissing();
        await credentials.confirm({
          accountId: actor.accountId,
          password: current_password,
          origin: actor,
          change: apply,
        });
      }
      return changed!;
    },

    async deleteOwn(actor, password) {
      await credentials.confirm({
        accountId: actor.accountId,
        password,
        origin: actor,
        async lockFirst({ accounts }, { role }) {
          if (role === 'admin') await accounts.lockAdministrators();
        },
        async change(repositories, { id, role }) {
          if (role === 'admin') await refuseLastAdministrator(repositories, id);
          await repositories.sessions.endAll(id);
          await repositories.accounts.update(id, emptied(Date.now()));
          await repositories.audit.add(eventOf('account_deleted', actor, id));
        },
      });
    },

    manage: (actor, id, changes) =>
      store.transaction(async (repositories, trx) => {
        if (changes.tier !== undefined && !(await deps.tiers.lock(trx, changes.tier))) {
          throw accountProblems.unknownTier();
        }
        return change(repositories, actor, id, changes);
      }),
  };
}

/** A repeated registration proves the password as an attempt, and tells a stranger nothing. */
function knowing(credentials: CredentialsService): Knows {
  return async (accountId, password, origin) => {
    try {
      await credentials.confirm({ accountId, password, origin, change: async () => undefined });
      return true;
    } catch (error) {
      if (error instanceof Problem && UNPROVEN.has(error.code)) return false;
      throw error;
    }
  };
}

const UNPROVEN: ReadonlySet<string> = new Set(
  [
    accountProblems.invalidCredentials,
    accountProblems.accountDisabled,
    accountProblems.tooManyAttempts,
  ].map(({ code }) => code),
);

/** Counts registrations by address, but for those that were never looked at, or were repeated. */
function limited(register: Register, limit: RegistrationLimit): Register {
  return async (account, origin, options) => {
    const takeBack = await limit.spend(origin.address);
    try {
      const once = await register(account, origin, options);
      if (once.replayed) await takeBack();
      return once;
    } catch (error) {
      if (error instanceof Problem && NOT_LOOKED_AT.has(error.code)) await takeBack();
      throw error;
    }
  };
}

const NOT_LOOKED_AT: ReadonlySet<string> = new Set(
  [problems.validationFailed, accountProblems.weakPassword, accountProblems.busy].map(
    ({ code }) => code,
  ),
);

/** @throws {Problem} `account_not_found`, `account_disabled` */
async function lockEnabled({ accounts }: Repositories, id: string): Promise<AccountRow> {
  const account = await accounts.lock(id);
  if (!account) throw accountProblems.accountNotFound();
  if (account.disabled_at !== null) throw accountProblems.accountDisabled();
  return account;
}

/** Changes a locked account, and records which members are not what they were. */
async function changeMembers(
  { accounts, audit }: Repositories,
  account: AccountRow,
  actor: Actor,
  changes: Omit<OwnChanges, 'current_password'>,
): Promise<AccountRow> {
  const members = (Object.keys(changes) as (keyof typeof changes)[]).filter(
    (member) => changes[member] !== account[member],
  );
  if (members.length === 0) return account;
  const { email } = changes;
  const updates = {
    ...changes,
    ...(email !== undefined && { email_key: keyOf(email) }),
    search_text: searchTextOf({ ...account, ...changes }),
  };
  await accounts.update(account.id, updates);
  await audit.add({
    ...eventOf('account_changed', actor, account.id),
    details: { members: members.join(' ') },
  });
  return { ...account, ...updates };
}

async function change(
  repositories: Repositories,
  actor: Actor,
  id: string,
  { role, tier, disabled }: ManagedChanges,
): Promise<AccountRow> {
  const { accounts, sessions, audit } = repositories;
  if (role === 'user' || disabled === true) await refuseLastAdministrator(repositories, id);
  const account = await accounts.lock(id);
  if (!account) throw accountProblems.accountNotFound();
  const changed = { ...account };
  const record = (action: AuditAction, details: Record<string, string> = {}) =>
    audit.add({ ...eventOf(action, actor, id), details });

  if (role !== undefined && role !== account.role) {
    changed.role = role;
    await record('role_changed', { from: account.role, to: role });
  }
  if (tier !== undefined && tier !== account.tier) {
    changed.tier = tier;
    await record('tier_changed', { from: account.tier, to: tier });
  }
  if (disabled !== undefined && disabled !== (account.disabled_at !== null)) {
    changed.disabled_at = disabled ? Date.now() : null;
    if (disabled) await sessions.endAll(id);
    await record(disabled ? 'account_disabled' : 'account_enabled');
  }
  const { disabled_at } = changed;
  await accounts.update(id, { role: changed.role, tier: changed.tier, disabled_at });
  return changed;
}

/** Administrators are locked first, so that two of them cannot each take the other for the last. */
async function refuseLastAdministrator({ accounts }: Repositories, id: string): Promise<void> {
  const administrators = await accounts.lockAdministrators();
  if (administrators.length === 1 && administrators[0] === id) {
    throw accountProblems.lastAdministrator();
  }
}

/** What is left of a deleted account: the user name's key. */
function emptied(now: number) {
  return {
    username: null,
    email: null,
    email_key: null,
    first_name: '',
    last_name: '',
    search_text: '',
    role: 'user',
    password_hash: null,
    deleted_at: now,
  };
}

function eventOf(action: AuditAction, actor: Actor, subjectId: string) {
  const { address, requestId, accountId } = actor;
  return { action, subjectId, actorId: accountId, address, requestId };
}

function passwordMissing() {
  const message = 'is required to change the e-mail address';
  return problems.validationFailed(undefined, { errors: [{ path: '/current_password', message }] });
}
