import { problems } from './problem.ts';

/** Counts the work that each client has in flight, and refuses more than its share. */
export interface InFlight {
  /**
   * Runs a task in one of the client's places.
   *
   * @throws {Problem} `too_many_in_flight` if the client holds all of its places.
   */
  run<T>(client: string, task: () => Promise<T>): Promise<T>;
  /** Takes one place of a client, or returns false where it has none left. */
  enter(client: string): boolean;
  /** Gives a place back. Call it once for each `enter` that returned true. */
  leave(client: string): void;
  /** Number of clients that hold a place. */
  readonly clients: number;
}

/** Creates a counter that lets each client hold at most `share` places at once. */
export function createInFlight(share: number): InFlight {
  const places = new Map<string, number>();
  const inFlight: InFlight = {
    async run(client, task) {
      if (!inFlight.enter(client)) throw problems.tooManyInFlight();
      try {
        return await task();
      } finally {
        inFlight.leave(client);
      }
    },
    get clients() {
      return places.size;
    },
    enter(client) {
      const held = places.get(client) ?? 0;
      if (held >= share) return false;
      places.set(client, held + 1);
      return true;
    },
    leave(client) {
      const held = places.get(client) ?? 0;
      if (held > 1) places.set(client, held - 1);
      else places.delete(client);
    },
  };
  return inFlight;
}
