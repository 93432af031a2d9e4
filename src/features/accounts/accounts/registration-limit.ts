import { v7 as uuidv7 } from 'uuid';
import { networkOf } from '../../../http/client-network.ts';
import { accountProblems, retryAfter } from '../problems.ts';
import type { Reservation, Usage } from '../sign-in/repository.ts';
import type { Store } from '../store.ts';

/** Interval after which one more registration no longer counts, the oldest first. */
const RESTORE_EVERY_MS = 60_000;

/** Limits the accounts that are registered from one address. */
export interface RegistrationLimit {
  /** Refuses most of a flood before any work. @throws {Problem} `too_many_registrations` */
  check(address: string | null): Promise<void>;
  /**
   * Counts a registration, also where the name turns out to be taken: nobody can try a list of addresses.
   *
   * @throws {Problem} `too_many_registrations`
   */
  spend(address: string | null): Promise<Reservation>;
  refund(registration: Reservation): Promise<void>;
}

export function createRegistrationLimit(store: Store, allowance: number): RegistrationLimit {
  const toReservation = (address: string | null): Reservation => ({
    key: `registrations:${networkOf(address ?? '')}`,
    subject: '',
    id: uuidv7(),
  });

  function refuseBeyond({ failures, earliest }: Usage, now: number): void {
    if (failures < allowance) return;
    throw retryAfter(accountProblems.tooManyRegistrations, earliest - now);
  }

  return {
    async check(address) {
      const now = Date.now();
      refuseBeyond(await store.attempts.usage(toReservation(address), now), now);
    },

    async spend(address) {
      const registration = toReservation(address);
      await store.transaction(async ({ attempts }) => {
        const now = Date.now();
        await attempts.lock(registration.key, now);
        const usage = await attempts.usage(registration, now);
        refuseBeyond(usage, now);
        await attempts.fail(registration, now, Math.max(now, usage.latest) + RESTORE_EVERY_MS);
      });
      return registration;
    },

    refund: (registration) => store.attempts.remove(registration),
  };
}
