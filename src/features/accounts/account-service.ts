import { problems } from '../../problem.ts';
import type { CredentialsService } from './credentials-service.ts';
import { keyOf, searchTextOf } from './identity.ts';
import type { Passwords } from './passwords.ts';
import { accountProblems } from './problems.ts';
import { createRegistrar, type Register } from './registrar.ts';
import type { AccountFilter, AccountRow } from './repositories/accounts.ts';
import type { AuditAction, Origin } from './repositories/audit.ts';
import type { Repositories, Store } from './repositories/store.ts';
import type { Role } from './roles.ts';

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

export interface AccountDeps {
  store: Store;
  passwords: Passwords;
  credentials: CredentialsService;
  /** Whether there is a tier of that name. */
  isTier(name: string): Promise<boolean>;
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
    list: (filter) => store.accounts.list(filter),

    register: createRegistrar(store, passwords),

    async changeOwn(actor, { current_password, ...changes }) {
      const change = (repositories: Repositories, account: AccountRow) =>
        changeNames(repositories, account, actor, changes);
      if (changes.email === undefined) {
        const account = await get(actor.accountId);
        await store.transaction((repositories) => change(repositories, account));
      } else {
        if (current_password === undefined) throw passwordMissing();
        await credentials.confirm(actor.accountId, current_password, actor, change);
      }
      return get(actor.accountId);
    },

    async deleteOwn(actor, password) {
      await credentials.confirm(actor.accountId, password, actor, async (repositories, account) => {
        await refuseLastAdministrator(repositories, account.id);
        await repositories.sessions.endAll(account.id);
        await repositories.accounts.update(account.id, emptied(Date.now()));
        await repositories.audit.add(eventOf('account_deleted', actor, account.id));
      });
    },

    async manage(actor, id, changes) {
      if (changes.tier !== undefined && !(await deps.isTier(changes.tier))) {
        throw accountProblems.unknownTier();
      }
      await store.transaction((repositories) => change(repositories, actor, id, changes));
      return get(id);
    },
  };
}

async function changeNames(
  { accounts, audit }: Repositories,
  account: AccountRow,
  actor: Actor,
  changes: Omit<OwnChanges, 'current_password'>,
): Promise<void> {
  const { email } = changes;
  await accounts.update(account.id, {
    ...changes,
    ...(email !== undefined && { email_key: keyOf(email) }),
    search_text: searchTextOf({ ...account, ...changes }),
  });
  await audit.add({
    ...eventOf('account_changed', actor, account.id),
    details: { members: Object.keys(changes).join(' ') },
  });
}

async function change(
  repositories: Repositories,
  actor: Actor,
  id: string,
  { role, tier, disabled }: ManagedChanges,
): Promise<void> {
  const { accounts, sessions, audit } = repositories;
  if (role === 'user' || disabled === true) await refuseLastAdministrator(repositories, id);
  const account = await accounts.findById(id);
  if (!account) throw accountProblems.accountNotFound();
  const record = (action: AuditAction, details: Record<string, string> = {}) =>
    audit.add({ ...eventOf(action, actor, id), details });

  if (role !== undefined && role !== account.role) {
    await accounts.update(id, { role });
    await record('role_changed', { from: account.role, to: role });
  }
  if (tier !== undefined && tier !== account.tier) {
    await accounts.update(id, { tier });
    await record('tier_changed', { from: account.tier, to: tier });
  }
  if (disabled !== undefined && disabled !== (account.disabled_at !== null)) {
    await accounts.update(id, { disabled_at: disabled ? Date.now() : null });
    if (disabled) await sessions.endAll(id);
    await record(disabled ? 'account_disabled' : 'account_enabled');
  }
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
