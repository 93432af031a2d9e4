import { randomBytes } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { Problem, problems } from '../../problem.ts';
import { foldCase, keyOf, searchTextOf } from './identity.ts';
import { refuseUnfit, refuseWeak } from './password-rules.ts';
import type { Passwords } from './passwords.ts';
import { accountProblems } from './problems.ts';
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

/** Names that are tried in place of an e-mail address that is someone's user name. */
const MAX_NAMES = 5;

export function createRegistrar(store: Store, passwords: Passwords): Register {
  async function insert(row: AccountRow, origin: Origin): Promise<AccountRow> {
    await store.transaction(async ({ accounts, audit }) => {
      await accounts.insert(row);
      await audit.add({
        ...origin,
        action: 'account_created',
        subjectId: row.id,
        details: { role: row.role },
      });
    });
    return row;
  }

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
    for (let names = 1; ; names++) {
      try {
        return await insert(row, origin);
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
