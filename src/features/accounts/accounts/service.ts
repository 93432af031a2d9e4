import type { AnyTransaction } from '../../../database/database.ts';
import type { Found, Slice } from '../../../database/keyset.ts';
import { problems } from '../../../http/problem.ts';
import type { AuditAction, Origin } from '../audit-events/repository.ts';
import { accountProblems } from '../problems.ts';
import { lockVerified, type SignInService } from '../sign-in/service.ts';
import type { Repositories, Store } from '../store.ts';
import { keyOf, searchTextOf } from './names.ts';
import type { AccountRow } from './repository.ts';
import type { ManagedChanges, OwnChanges } from './schemas.ts';

/** The account that makes a change, and the origin of its request. */
export interface Actor extends Origin {
  accountId: string;
}

/** The questions that accounts ask about tiers. */
export interface AccountTiers {
  /** The tier of new accounts. */
  defaultTier: string;
  /** Keeps a tier from being deleted until the end of the transaction. Returns false if there is none. */
  lock(trx: AnyTransaction, name: string): Promise<boolean>;
}

interface AccountDeps {
  store: Store;
  signIn: Pick<SignInService, 'confirm'>;
  tiers: AccountTiers;
}

/** Changes of accounts by their owners and by administrators. */
export interface AccountService {
  /** @throws {Problem} `account_not_found` */
  get(id: string): Promise<AccountRow>;
  /** Lists accounts, or those with a text in their names or addresses. */
  list(search: string | undefined, slice: Slice): Promise<Found<AccountRow>>;
  /** @throws {Problem} `email_taken`, those of {@link SignInService.confirm} for a new e-mail address */
  updateOwn(actor: Actor, changes: OwnChanges): Promise<AccountRow>;
  /** @throws {Problem} `last_administrator`, those of {@link SignInService.confirm} */
  deleteOwn(actor: Actor, password: string): Promise<void>;
  /** @throws {Problem} `account_not_found`, `last_administrator`, `unknown_tier` */
  update(actor: Actor, id: string, changes: ManagedChanges): Promise<AccountRow>;
}

export function createAccountService({ store, signIn, tiers }: AccountDeps): AccountService {
  return {
    async get(id) {
      const account = await store.accounts.findById(id);
      if (!account) throw accountProblems.accountNotFound();
      return account;
    },

    list: (search, slice) => store.snapshot(({ accounts }) => accounts.list(search, slice)),

    async updateOwn(actor, { current_password, ...changes }) {
      if (changes.email === undefined) {
        return store.transaction(async (repositories) => {
          const account = await lockEnabled(repositories, actor.accountId);
          return changeOwn(repositories, account, actor, changes);
        });
      }
      if (current_password === undefined) throw passwordMissing();
      const verified = await signIn.confirm(actor.accountId, current_password, actor);
      return store.transaction(async (repositories) => {
        const account = await lockVerified(repositories, verified);
        return changeOwn(repositories, account, actor, changes);
      });
    },

    async deleteOwn(actor, password) {
      const verified = await signIn.confirm(actor.accountId, password, actor);
      await store.transaction(async (repositories) => {
        const { accounts, sessions, passwordResets, auditEvents } = repositories;
        // Administrators are locked before other accounts everywhere, so that no transactions deadlock.
        if (verified.role === 'admin') await accounts.lockAdministrators();
        const { id, role } = await lockVerified(repositories, verified);
        if (role === 'admin') await refuseLastAdministrator(repositories, id);
        await sessions.deleteAll(id);
        await passwordResets.endAll(id);
        await accounts.update(id, erasedMembers(Date.now()));
        await auditEvents.add(toEvent('account_deleted', actor, id));
      });
    },

    update: (actor, id, changes) =>
      store.transaction(async (repositories, trx) => {
        const isTier = changes.tier === undefined || (await tiers.lock(trx, changes.tier));
        if (!isTier) throw accountProblems.unknownTier();
        return changeManaged(repositories, actor, id, changes);
      }),
  };
}

/** @throws {Problem} `account_not_found`, `account_disabled` */
async function lockEnabled({ accounts }: Repositories, id: string): Promise<AccountRow> {
  const account = await accounts.lock(id);
  if (!account) throw accountProblems.accountNotFound();
  if (account.disabled_at !== null) throw accountProblems.accountDisabled();
  return account;
}

/** Changes a locked account, and records the members that change. */
async function changeOwn(
  { accounts, passwordResets, mails, auditEvents }: Repositories,
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
  if (members.includes('email')) {
    // Links that went to the address until now end with it.
    await passwordResets.endAll(account.id);
    const data = { account_id: account.id, to: account.email };
    await mails.add({ kind: 'email_changed', data, subject: account.id });
  }
  const details = { members: members.join(' ') };
  await auditEvents.add({ ...toEvent('account_changed', actor, account.id), details });
  return { ...account, ...updates };
}

/** Changes an account for an administrator, and records each change. */
async function changeManaged(
  repositories: Repositories,
  actor: Actor,
  id: string,
  { role, tier, disabled }: ManagedChanges,
): Promise<AccountRow> {
  const { accounts, sessions, auditEvents } = repositories;
  if (role === 'user' || disabled === true) await refuseLastAdministrator(repositories, id);
  const account = await accounts.lock(id);
  if (!account) throw accountProblems.accountNotFound();
  const changed = { ...account };
  const record = (action: AuditAction, details: Record<string, string> = {}) =>
    auditEvents.add({ ...toEvent(action, actor, id), details });

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
    if (disabled) await sessions.deleteAll(id);
    await record(disabled ? 'account_disabled' : 'account_enabled');
  }
  const { disabled_at } = changed;
  await accounts.update(id, { role: changed.role, tier: changed.tier, disabled_at });
  return changed;
}

/** Locks all administrators, so that two of them cannot each take the other for the last. */
async function refuseLastAdministrator({ accounts }: Repositories, id: string): Promise<void> {
  const administrators = await accounts.lockAdministrators();
  if (administrators.length === 1 && administrators[0] === id) {
    throw accountProblems.lastAdministrator();
  }
}

/** Returns the columns of a deleted account: of its names only the user name's key stays. */
function erasedMembers(now: number) {
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

function toEvent(action: AuditAction, { accountId, ...origin }: Actor, subjectId: string) {
  return { ...origin, action, subjectId, actorId: accountId };
}

function passwordMissing() {
  const message = 'is required to change the e-mail address';
  return problems.validationFailed(undefined, { errors: [{ path: '/current_password', message }] });
}
