import { AsyncResource } from 'node:async_hooks';

/** Spreads work over turns of the event loop, so that clients take turns. */
export interface Turns {
  /** Runs a callback: at once if this turn has room and nobody waits, else in a later turn. */
  take(client: string, callback: () => void): void;
}

/** Creates turns in each of which at most so many callbacks begin. Those of one client run in order. */
export function createTurns(perTurn: number): Turns {
  /** The callbacks of each client, in the order of the clients' turns. */
  const waiting = new Map<string, (() => void)[]>();
  let begun = 0;
  let isScheduled = false;

  function schedule(): void {
    if (!isScheduled) setImmediate(beginTurn);
    isScheduled = true;
  }

  function beginTurn(): void {
    begun = 0;
    isScheduled = false;
    if (waiting.size === 0) return;
    schedule();
    for (const [client, callbacks] of waiting) {
      const callback = callbacks.shift()!;
      // A client with more goes to the end, where this loop finds it again.
      waiting.delete(client);
      if (callbacks.length > 0) waiting.set(client, callbacks);
      begun++;
      callback();
      if (begun >= perTurn) return;
    }
  }

  return {
    take(client, callback) {
      schedule();
      if (waiting.size === 0 && begun < perTurn) {
        begun++;
        callback();
        return;
      }
      const bound = inThisContext(callback);
      const callbacks = waiting.get(client);
      if (callbacks) callbacks.push(bound);
      else waiting.set(client, [bound]);
    },
  };
}

/**
 * Returns the callback in the current asynchronous context. `AsyncResource.bind` gives each function accessors of its
 * own, which keep what the callback refers to until a full collection of garbage.
 */
export function inThisContext(callback: () => void): () => void {
  const resource = new AsyncResource('Turn');
  return () => resource.runInAsyncScope(callback);
}
