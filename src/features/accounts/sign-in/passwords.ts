import { randomBytes } from 'node:crypto';
import { hash, parseOptions, verify } from '@node-rs/argon2';
import { createQueue } from '../../../queue.ts';
import { timed } from '../../../telemetry.ts';
import { accountProblems } from '../problems.ts';
import { normalizePassword } from './password-rules.ts';

/** The cost of argon2id, and the number of hashes that run and wait at once. */
export interface HashSettings {
  /** KiB for each hash. */
  memory: number;
  passes: number;
  lanes: number;
  threads: number;
  queue: number;
}

/** Hashes and verifies passwords on threads beside the event loop. All throw `busy` where too many wait. */
export interface Passwords {
  /** Returns a PHC string of argon2id. */
  hash(password: string): Promise<string>;
  /** As `hash`, for new accounts: these take at most half of the threads and a quarter of the queue. */
  hashOfNewAccount(password: string): Promise<string>;
  /** Checks a password. If `stored` is null, takes as long as a check of `decoyHash` and returns false. */
  verify(stored: string | null, password: string, decoyHash?: string): Promise<boolean>;
  /** Tells whether a hash was made with other settings than those of now. */
  isOutdated(stored: string): boolean;
}

const ARGON2ID = 2;

export async function createPasswords(settings: HashSettings): Promise<Passwords> {
  const { memory, passes, lanes, threads } = settings;
  const options = {
    algorithm: ARGON2ID,
    memoryCost: memory,
    timeCost: passes,
    parallelism: lanes,
  };
  const queue = createQueue(
    { slots: threads, maxWaiting: settings.queue, name: 'password_hashes' },
    accountProblems.busy,
  );
  const newAccounts = createQueue(
    {
      slots: Math.max(1, Math.floor(threads / 2)),
      maxWaiting: Math.floor(settings.queue / 4),
      name: 'new_password_hashes',
    },
    accountProblems.busy,
  );
  // The hash of a password that nobody knows.
  const unmatchable = await hash(randomBytes(32), options);

  const timedHash = (password: string) =>
    timed({ kind: 'password_hash', name: 'hash' }, () =>
      hash(normalizePassword(password), options),
    );

  return {
    hash: (password) => queue.run(() => timedHash(password)),

    hashOfNewAccount: (password) => newAccounts.run(() => queue.run(() => timedHash(password))),

    async verify(stored, password, decoyHash = unmatchable) {
      const against = stored ?? withCostOf(decoyHash, unmatchable);
      const matches = await queue.run(() =>
        timed({ kind: 'password_hash', name: 'verify' }, () =>
          verify(against, normalizePassword(password)),
        ),
      );
      return matches && stored !== null;
    },

    isOutdated(stored) {
      const { memoryCost, timeCost, parallelism } = parseOptions(stored);
      return memoryCost !== memory || timeCost !== passes || parallelism !== lanes;
    },
  };
}

/** Returns a PHC string with the settings of one, and the salt and hash of another. */
export function withCostOf(model: string, hash: string): string {
  const settings = model.split('$').slice(0, -2);
  return [...settings, ...hash.split('$').slice(-2)].join('$');
}
