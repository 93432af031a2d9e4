import { randomBytes } from 'node:crypto';
import { hash, parseOptions, verify } from '@node-rs/argon2';
import { createQueue, type Queue, QueueFull } from '../../../queue.ts';
import { accountProblems } from '../problems.ts';
import { normalizePassword } from './password-rules.ts';

/** The cost of argon2id, and how many hashes run and wait at once. */
export interface HashSettings {
  /** KiB for each hash. */
  memory: number;
  passes: number;
  lanes: number;
  threads: number;
  queue: number;
}

/** Hashes and verifies passwords, in threads beside the event loop. All throw `busy` where too many wait. */
export interface Passwords {
  /** A PHC string of argon2id. */
  hash(password: string): Promise<string>;
  /** The same for an account that is new. These take half of the threads, and a quarter of the queue, at most. */
  hashOfNewAccount(password: string): Promise<string>;
  /** Takes the time of a hash also where there is none to compare with: that of `standIn`, which is not compared with. */
  verify(stored: string | null, password: string, standIn?: string): Promise<boolean>;
  /** Whether the hash was made with other settings than those of now. */
  isOutdated(stored: string): boolean;
}

const ARGON2ID = 2;

export async function createPasswords(settings: HashSettings): Promise<Passwords> {
  const options = {
    algorithm: ARGON2ID,
    memoryCost: settings.memory,
    timeCost: settings.passes,
    parallelism: settings.lanes,
  };
  const queue = createQueue(settings.threads, settings.queue);
  const registrations = createQueue(
    Math.max(1, Math.floor(settings.threads / 2)),
    Math.floor(settings.queue / 4),
  );
  const nobodys = await hash(randomBytes(32), options);

  async function queued<T>(work: () => Promise<T>, first?: Queue): Promise<T> {
    try {
      return await (first ? first.run(() => queue.run(work)) : queue.run(work));
    } catch (error) {
      if (!(error instanceof QueueFull)) throw error;
      throw accountProblems.busy(undefined, { headers: { 'retry-after': '1' } });
    }
  }

  return {
    hash: (password) => queued(() => hash(normalizePassword(password), options)),
    hashOfNewAccount: (password) =>
      queued(() => hash(normalizePassword(password), options), registrations),
    async verify(stored, password, standIn = nobodys) {
      const against = stored ?? withCostOf(standIn, nobodys);
      const matches = await queued(() => verify(against, normalizePassword(password)));
      return matches && stored !== null;
    },
    isOutdated(stored) {
      const { memoryCost, timeCost, parallelism } = parseOptions(stored);
      return (
        memoryCost !== settings.memory ||
        timeCost !== settings.passes ||
        parallelism !== settings.lanes
      );
    },
  };
}

/** A PHC string with the settings of one, and the salt and hash of another. */
export function withCostOf(model: string, hash: string): string {
  const settings = model.split('$').slice(0, -2);
  return [...settings, ...hash.split('$').slice(-2)].join('$');
}
