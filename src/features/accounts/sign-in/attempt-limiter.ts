import { setTimeout } from 'node:timers/promises';
import { v7 as uuidv7 } from 'uuid';
import { networkOf } from '../../../http/client-network.ts';
import { createQueue, type Queue, QueueFull } from '../../../queue.ts';
import { accountProblems } from '../problems.ts';
import type { Repositories, Store } from '../store.ts';
import type { Spent, Usage } from './repository.ts';

export interface AttemptLimits {
  perAccount: number;
  perAddress: number;
}

/** One attempt to prove a password. What is to be stored with its outcome goes into the same transaction. */
export interface Attempt {
  /** The password was right. If `work` throws, this was no attempt. */
  succeed(work: (repositories: Repositories) => Promise<void>): Promise<void>;
  /**
   * The password was wrong, which counts even if `work` throws. `blocked` says whether the account has
   * delays from now on.
   */
  fail(work: (repositories: Repositories, blocked: boolean) => Promise<void>): Promise<void>;
}

/** Limits how many passwords can be tried for an account, and for how many accounts from an address. */
export interface Attempts {
  /**
   * Runs `work` as one attempt. If it throws before it has settled the attempt, there was none.
   *
   * @param subject the account, or a name that no account has, which is treated the same.
   * @throws {Problem} `too_many_attempts`
   */
  guard<T>(
    subject: string,
    address: string | null,
    work: (attempt: Attempt) => Promise<T>,
  ): Promise<T>;
}

/**
 * The wait after each failure of an account, or each account that failed from an address, from the last free
 * one on, in milliseconds; the last holds for all that follow.
 */
const DELAYS = [15, 30, 60, 120, 240, 480, 900].map((seconds) => seconds * 1000);
/** Failures stop to count one by one, each so long after the one before; in milliseconds. */
const RESTORE_EVERY = 900_000;
/** An attempt that takes longer was broken off by a crash, and counts no more; in milliseconds. */
const PENDING_FOR = 60_000;
/** Longest wait for concurrent attempts that may yet succeed, in milliseconds. */
const MAX_WAIT = 5000;
const POLL = 40;
/** Attempts for one account that may wait in this process. */
const MAX_QUEUED = 1000;

/** A limit on the attempts of one account, or on the accounts that are tried from one address. */
interface Limit extends Spent {
  allowance: number;
  counts: 'failures' | 'subjects';
}

export function createAttempts(store: Store, limits: AttemptLimits): Attempts {
  const inTurn = createTurns(limits);

  return {
    guard: (subject, address, work) =>
      inTurn(subject, async () => {
        const id = uuidv7();
        const account: Limit = {
          key: `account:${subject}`,
          subject,
          id,
          allowance: limits.perAccount,
          counts: 'failures',
        };
        const origin: Limit = {
          key: `address:${networkOf(address ?? '')}`,
          subject,
          id,
          allowance: limits.perAddress,
          counts: 'subjects',
        };
        // Locked in this order everywhere, so that transactions do not wait for each other in a circle.
        const both = [origin, account];
        await spend(store, both);
        let settled = false;
        try {
          return await work({
            async succeed(alongside) {
              await store.transaction(async (repositories) => {
                await alongside(repositories);
                await repositories.attempts.forgive(account, origin);
              });
              settled = true;
            },
            async fail(alongside) {
              settled = true;
              await recordFailure(store, both, alongside);
            },
          });
        } catch (error) {
          if (!settled) await refund(store, both);
          throw error;
        }
      }),
  };
}

/**
 * Attempts for one account go a few at a time, well below its allowance, so that many right passwords
 * at once do not use it up while they are checked.
 */
function createTurns({ perAccount }: AttemptLimits) {
  const gates = new Map<string, Queue>();
  const concurrency = Math.max(1, Math.floor(perAccount / 2));

  return async <T>(subject: string, task: () => Promise<T>): Promise<T> => {
    const gate = gates.get(subject) ?? createQueue(concurrency, MAX_QUEUED);
    gates.set(subject, gate);
    try {
      return await gate.run(task);
    } catch (error) {
      if (!(error instanceof QueueFull)) throw error;
      throw accountProblems.busy(undefined, { headers: { 'retry-after': '1' } });
    } finally {
      if (gate.size === 0) gates.delete(subject);
    }
  };
}

/** A limit has no attempt left for now. */
class Blocked extends Error {
  readonly wait: number;
  /** Attempts that another request checks right now may turn out to be none. */
  readonly mayEndSooner: boolean;

  constructor(wait: number, mayEndSooner: boolean) {
    super();
    this.wait = wait;
    this.mayEndSooner = mayEndSooner;
  }
}

/** Spends an attempt of all limits, or of none. */
async function spend(store: Store, limits: Limit[]): Promise<void> {
  const start = performance.now();
  for (;;) {
    try {
      return await store.transaction(async ({ attempts }) => {
        const now = Date.now();
        for (const limit of limits) {
          await attempts.lock(limit.key, now);
          refuseBeyond(limit, await attempts.usage(limit.key, limit.subject, now), now);
        }
        for (const limit of limits) await attempts.add(limit, now, now + PENDING_FOR, true);
      });
    } catch (error) {
      if (!(error instanceof Blocked)) throw error;
      const mayWait = error.mayEndSooner && performance.now() - start < MAX_WAIT;
      if (!mayWait) throw blocked(error.wait);
      await setTimeout(POLL * (0.5 + Math.random()));
    }
  }
}

/** @throws {Blocked} */
function refuseBeyond({ allowance, counts }: Limit, usage: Usage, now: number): void {
  const { subjects, failedSubjects, failures, pending, failedAt } = usage;
  const [used, failed] =
    counts === 'subjects' ? [subjects, failedSubjects] : [failures + pending, failures];
  if (used < allowance) return;
  const delay = DELAYS[Math.min(Math.max(0, failed - allowance), DELAYS.length - 1)]!;
  if (pending > 0) throw new Blocked(delay, true);
  const wait = Math.min(failedAt + delay - now, delay);
  if (wait > 0) throw new Blocked(wait, false);
}

/** A wrong password counts, also where nothing else can be recorded. */
async function recordFailure(
  store: Store,
  limits: Limit[],
  alongside: Parameters<Attempt['fail']>[0],
): Promise<void> {
  try {
    await store.transaction(async (repositories) => {
      await alongside(repositories, await failAll(repositories, limits));
    });
  } catch (error) {
    await store.transaction((repositories) => failAll(repositories, limits));
    throw error;
  }
}

/** Returns whether the last of the limits is reached. */
async function failAll({ attempts }: Repositories, limits: Limit[]): Promise<boolean> {
  const now = Date.now();
  let isReached = false;
  for (const limit of limits) {
    await attempts.lock(limit.key, now);
    const { latest, latestOfSubject, failures } = await attempts.usage(
      limit.key,
      limit.subject,
      now,
    );
    const counted = limit.counts === 'subjects' ? latestOfSubject : 0;
    await attempts.fail(limit, now, counted || Math.max(now, latest) + RESTORE_EVERY);
    isReached = failures + 1 >= limit.allowance;
  }
  return isReached;
}

async function refund(store: Store, limits: Limit[]): Promise<void> {
  await store.transaction(async ({ attempts }) => {
    for (const limit of limits) await attempts.remove(limit);
  });
}

function blocked(milliseconds: number) {
  const seconds = Math.ceil(milliseconds / 1000);
  return accountProblems.tooManyAttempts(undefined, { headers: { 'retry-after': `${seconds}` } });
}
