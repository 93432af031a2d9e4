import { v7 as uuidv7 } from 'uuid';
import { networkOf } from '../../../http/client-network.ts';
import { accountProblems } from '../problems.ts';
import type { Usage } from '../sign-in/repository.ts';
import type { Store } from '../store.ts';

/** Registrations stop to count one by one, each so long after the one before; in milliseconds. */
const RESTORE_EVERY = 60_000;

/** Limits how many accounts can be registered from an address. */
export interface RegistrationLimit {
  /**
   * Counts a registration. It stays counted where it is refused for what is taken, so that nobody can try
   * a list of addresses. Returns how to take it back.
   *
   * @throws {Problem} `too_many_registrations`
   */
  spend(address: string | null): Promise<() => Promise<void>>;
}

export function createRegistrationLimit(store: Store, allowance: number): RegistrationLimit {
  function refuseBeyond({ failures, earliest }: Usage, now: number): void {
    if (failures < allowance) return;
    const seconds = Math.max(1, Math.ceil((earliest - now) / 1000));
    throw accountProblems.tooManyRegistrations(undefined, {
      headers: { 'retry-after': `${seconds}` },
    });
  }

  return {
    async spend(address) {
      const key = `registrations:${networkOf(address ?? '')}`;
      const spent = { key, subject: '', id: uuidv7() };
      const now = Date.now();
      // Most of a flood is refused by this, without a transaction.
      refuseBeyond(await store.attempts.usage(key, '', now), now);
      await store.transaction(async ({ attempts }) => {
        await attempts.lock(key, now);
        const usage = await attempts.usage(key, '', now);
        refuseBeyond(usage, now);
        await attempts.add(spent, now, Math.max(now, usage.latest) + RESTORE_EVERY, false);
      });
      return () => store.attempts.remove(spent);
    },
  };
}
