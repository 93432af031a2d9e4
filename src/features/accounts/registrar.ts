import { v7 as uuidv7 } from 'uuid';
import { problems } from '../../problem.ts';
import { foldCase, keyOf, searchTextOf } from './identity.ts';
import { refuseUnfit, refuseWeak } from './password-rules.ts';
import type { Passwords } from './passwords.ts';
import type { AccountRow } from './repositories/accounts.ts';
import type { Origin } from './repositories/audit.ts';
import type { Store } from './repositories/store.ts';
import type { Role } from './roles.ts';

export interface NewAccount {
  email: string;
  password: string;
  username?: string;
  first_name?: string;
  last_name?: string;
}

/** @throws {Problem} `weak_password`, `email_taken`, `username_taken`, `busy` */
export type Register = (account: NewAccount, origin: Origin, role?: Role) => Promise<AccountRow>;

const FIRST_TIER = 'basic';

export function createRegistrar(store: Store, passwords: Passwords): Register {
  return async (account, origin, role = 'user') => {
    const { email, username = email, first_name = '', last_name = '', password } = account;
    const owner = { username, email, first_name, last_name };
    refuseForeignAddress(owner);
    refuseUnfit('/password', password);
    refuseWeak('/password', password, owner);
    const row: AccountRow = {
      id: uuidv7(),
      ...owner,
      username_key: keyOf(username),
      email_key: keyOf(email),
      search_text: searchTextOf(owner),
      role,
      tier: FIRST_TIER,
      password_hash: await passwords.hashOfNewAccount(password),
      created_at: Date.now(),
      disabled_at: null,
      deleted_at: null,
    };
    await store.transaction(async ({ accounts, audit }) => {
      await accounts.insert(row);
      await audit.add({
        ...origin,
        action: 'account_created',
        subjectId: row.id,
        details: { role },
      });
    });
    return row;
  };
}

/** Nobody can take the user name that someone else’s address would give. */
function refuseForeignAddress({ username, email }: { username: string; email: string }): void {
  if (!username.includes('@') || foldCase(username) === foldCase(email)) return;
  const message = 'with an @ must be the e-mail address of the account';
  throw problems.validationFailed(undefined, { errors: [{ path: '/username', message }] });
}
