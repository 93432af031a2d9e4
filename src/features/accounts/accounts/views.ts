import type { Selectable } from 'kysely';
import type { SessionRow } from '../sessions/repository.ts';
import type { AuditEventsTable } from '../tables.ts';
import type { AccountRow } from './repository.ts';

const rfc3339 = (milliseconds: number) => new Date(milliseconds).toISOString();

export function viewAccount(account: AccountRow) {
  const { id, username, email, first_name, last_name, role, tier, created_at } = account;
  const created = rfc3339(created_at);
  return { id, username, email, first_name, last_name, role, tier, created };
}

export function viewManagedAccount(account: AccountRow) {
  return { ...viewAccount(account), disabled: account.disabled_at !== null };
}

export function viewSession(session: SessionRow, currentId: string) {
  const { id, created_at, used_at, user_agent, address } = session;
  return {
    id,
    created: rfc3339(created_at),
    last_used: rfc3339(used_at),
    user_agent,
    address: address || null,
    current: id === currentId,
  };
}

export function viewEvent(event: Selectable<AuditEventsTable>) {
  return {
    id: event.id,
    time: rfc3339(event.at),
    action: event.action,
    subject: event.subject_id,
    actor: event.actor_id,
    address: event.address || null,
    request_id: event.request_id,
    details: JSON.parse(event.details),
  };
}
