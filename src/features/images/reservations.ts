import { imageProblems } from './problems.ts';

/** What an upload takes of its account's quota, until its rows are there or it has failed. */
export interface Reservation {
  /**
   * Sets so many bytes aside in all.
   *
   * @throws {Problem} `quota_exceeded`
   */
  setAside(bytes: number): void;
  release(): void;
}

export type Reservations = ReturnType<typeof createReservations>;

/** Keeps the uploads of an account in this process, together, within what its quota has left. */
export function createReservations() {
  const reserved = new Map<string, number>();

  return {
    /** `free` is what the stored images leave of the quota. */
    open(accountId: string, free: number): Reservation {
      let own = 0;
      const change = (to: number) => {
        const total = (reserved.get(accountId) ?? 0) + to - own;
        if (to > own && total > free) throw imageProblems.quotaExceeded();
        own = to;
        if (total > 0) reserved.set(accountId, total);
        else reserved.delete(accountId);
      };
      return {
        setAside: (bytes) => change(Math.max(own, bytes)),
        release: () => change(0),
      };
    },
  };
}
