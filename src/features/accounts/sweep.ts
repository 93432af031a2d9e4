import { RESET_MEMORY_MS } from './password-reset/service.ts';
import type { AccountSettings } from './settings.ts';
import type { Store } from './store.ts';

/** Removes what has expired: sessions, attempts, links of mails and audit events. */
export async function sweepExpired(
  { sessions, attempts, auditEvents, passwordResets }: Store,
  { sessionIdleTime, auditLifetime }: Pick<AccountSettings, 'sessionIdleTime' | 'auditLifetime'>,
): Promise<void> {
  const now = Date.now();
  await sessions.deleteExpired(now, sessionIdleTime);
  await attempts.deleteExpired(now);
  await passwordResets.deleteBefore(now - RESET_MEMORY_MS);
  await auditEvents.deleteBefore(now - auditLifetime);
}
