import { imageProblems } from '../problems.ts';

/** The part of its account's quota that an upload holds until it is recorded or has failed. */
export interface Reservation {
  /**
   * Raises the reserved total to so many bytes.
   *
   * @throws {Problem} `quota_exceeded`
   */
  reserve(bytes: number): void;
  release(): void;
}

/** Keeps all uploads in flight of an account, in this process, within what is left of its quota. */
export function createReservations() {
  const reserved = new Map<string, number>();

  return {
    /** Opens a reservation in `free` bytes, which the stored images leave of the quota. */
    open(accountId: string, free: number): Reservation {
      let current = 0;
      const change = (bytes: number) => {
        const total = (reserved.get(accountId) ?? 0) + bytes - current;
        if (bytes > current && total > free) throw imageProblems.quotaExceeded();
        current = bytes;
        if (total > 0) reserved.set(accountId, total);
        else reserved.delete(accountId);
      };
      return {
        reserve: (bytes) => change(Math.max(current, bytes)),
        release: () => change(0),
      };
    },
  };
}
