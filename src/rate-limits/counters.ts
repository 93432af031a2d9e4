import { LRUCache } from 'lru-cache';
import type { RateName } from './settings.ts';

/** Length of the window in which requests are counted. */
export const WINDOW_MS = 60_000;
/** Most clients whose requests are counted; beyond it, those that were idle for longest start anew. */
const MAX_COUNTERS = 50_000;

/** A limit on the requests of each client in a window. */
export interface Limit {
  readonly name: RateName;
  readonly quota: number;
}

/** The requests of one client under one limit, in the window that ends at `resets`. */
export interface Counter {
  readonly limit: Limit;
  readonly key: string;
  used: number;
  /** Requests that other processes have not been told of. */
  unshared: number;
  /** End of the window, in milliseconds since 1970. */
  resets: number;
}

/** Tells other processes of a counter's requests, and the counter of theirs. */
export type ShareCounter = (counter: Counter) => void;

/** Counts the requests of clients under a limit. A window begins with the first request of a client. */
export interface Counters {
  /** Counts a request at `now`. Those beyond the quota count as one, and are not shared. */
  take(client: string, now: number): Counter;
}

export function createCounters(limit: Limit, share?: ShareCounter): Counters {
  const { name, quota } = limit;
  const counters = new LRUCache<string, Counter>({ max: MAX_COUNTERS });
  return {
    take(client, now) {
      let counter = counters.get(client);
      if (!counter) {
        const key = `${name}:${client}`;
        counter = { limit, key, used: 0, unshared: 0, resets: now + WINDOW_MS };
        counters.set(client, counter);
      } else if (counter.resets <= now) {
        counter.used = 0;
        counter.unshared = 0;
        counter.resets = now + WINDOW_MS;
      }
      if (counter.used >= quota) {
        counter.used = quota + 1;
        return counter;
      }
      counter.used++;
      counter.unshared++;
      share?.(counter);
      return counter;
    },
  };
}

/** Returns the requests that a client has left; below zero if this one is too many. */
export const leftOf = ({ limit, used }: Counter) => limit.quota - used;
