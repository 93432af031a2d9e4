import type { AccountSettings } from './settings.ts';
import type { Store } from './store.ts';

/** Removes what has expired: sessions, attempts and audit events. */
export async function sweepExpired(
  { sessions, attempts, auditEvents }: Store,
  { sessionIdleTime, auditLifetime }: Pick<AccountSettings, 'sessionIdleTime' | 'auditLifetime'>,
): Promise<void> {
  const now = Date.now();
  await sessions.deleteExpired(now, sessionIdleTime);
  await attempts.deleteExpired(now);
  await auditEvents.deleteBefore(now - auditLifetime);
}
