import type { FastifyBaseLogger } from 'fastify';
import type { Storage } from '../../../storage/storage.ts';
import type { SweepRepository } from './repository.ts';

export interface RemovalDeps {
  rows: SweepRepository;
  storage: Storage;
  log: FastifyBaseLogger;
}

const BATCH = 500;
/** Failures after which the storage is left alone until the next attempt. */
const MAX_FAILURES = 3;

export type Removals = ReturnType<typeof createRemovals>;

/**
 * Removes objects from the storage whose rows are deleted, as `removed_objects` lists them. A backup in progress
 * postpones that to the next attempt after it.
 */
export function createRemovals({ rows, storage, log }: RemovalDeps) {
  let inFlight: Promise<void> | undefined;
  let isWantedAgain = false;

  /** Removes every object that is listed. Objects that cannot be removed stay listed. */
  async function removeListed(): Promise<void> {
    let failures = 0;
    let last = '';
    for (;;) {
      const keys = await rows.listRemoved(last, BATCH);
      if (keys.length === 0 || (await rows.areRemovalsHeld())) return;
      for (const key of keys) {
        try {
          await storage.remove(key);
          await rows.forgetRemoved(key);
        } catch (error) {
          log.warn({ err: error, key }, 'an object could not be removed; it is tried again later');
          if (++failures === MAX_FAILURES) return;
        }
      }
      if (keys.length < BATCH) return;
      last = keys.at(-1)!;
    }
  }

  async function run(): Promise<void> {
    while (isWantedAgain) {
      isWantedAgain = false;
      await removeListed().catch((error) => {
        log.warn({ err: error }, 'objects could not be removed; it is tried again later');
      });
    }
  }

  return {
    /** Starts to remove the objects that are listed, and does not wait for the end. */
    start(): void {
      isWantedAgain = true;
      inFlight ??= run().finally(() => {
        inFlight = undefined;
      });
    },
    /** Resolves when nothing is in flight. */
    settled: async (): Promise<void> => inFlight,
  };
}
