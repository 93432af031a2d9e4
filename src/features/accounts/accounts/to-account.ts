import { toTimestamp } from '../../../http/timestamp.ts';
import type { Role } from '../roles.ts';
import type { AccountRow } from './repository.ts';

/** Returns an account as its owner sees it. */
export function toAccount(account: AccountRow) {
  const { id, username, email, first_name, last_name, tier } = account;
  const created = toTimestamp(account.created_at);
  return { id, username, email, first_name, last_name, role: account.role as Role, tier, created };
}

/** Returns an account as administrators see it. */
export function toManagedAccount(account: AccountRow) {
  return { ...toAccount(account), disabled: account.disabled_at !== null };
}
