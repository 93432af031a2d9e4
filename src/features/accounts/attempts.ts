import { setTimeout } from 'node:timers/promises';
import { networkOf } from '../../client-network.ts';
import { createQueue, type Queue, QueueFull } from '../../queue.ts';
import { accountProblems } from './problems.ts';
import { type AttemptKey, mayGiveBack } from './repositories/attempts.ts';
import type { Repositories, Store } from './repositories/store.ts';

export interface AttemptLimits {
  perAccount: number;
  perAddress: number;
}

/** One attempt to prove a password. What is to be stored with its outcome goes into the same transaction. */
export interface Attempt {
  /** The password was right. If `work` throws, this was no attempt. */
  succeed(work: (repositories: Repositories) => Promise<void>): Promise<void>;
  /** The password was wrong. `blocked` says whether the account has delays from now on. */
  fail(work: (repositories: Repositories, blocked: boolean) => Promise<void>): Promise<void>;
}

/** Limits how many passwords can be tried for an account, and from an address. */
export interface Attempts {
  /**
   * Runs `work` as one attempt. If it throws before it has settled the attempt, there was none.
   *
   * @param subject the account, or a name that no account has, which is treated the same.
   * @throws {Problem} `too_many_attempts`
   */
  guard<T>(subject: string, address: string, work: (attempt: Attempt) => Promise<T>): Promise<T>;
}

/** How long an attempt waits for others to end that may yet free it, in milliseconds. */
const PATIENCE = 5000;
const POLL = 40;
/** Attempts for one account that may wait in this process. */
const ROOM = 1000;

export function createAttempts(store: Store, limits: AttemptLimits): Attempts {
  /**
   * Attempts for one account go a few at a time, well below its allowance, so that many right passwords
   * at once do not use it up while they are checked.
   */
  const gates = new Map<string, Queue>();
  const width = Math.max(1, Math.floor(limits.perAccount / 2));

  async function inTurn<T>(subject: string, task: () => Promise<T>): Promise<T> {
    const gate = gates.get(subject) ?? createQueue(width, ROOM);
    gates.set(subject, gate);
    try {
      return await gate.run(task);
    } catch (error) {
      if (!(error instanceof QueueFull)) throw error;
      throw accountProblems.busy(undefined, { headers: { 'retry-after': '1' } });
    } finally {
      if (gate.size === 0) gates.delete(subject);
    }
  }

  return {
    guard: (subject, address, work) =>
      inTurn(subject, async () => {
        const account = { key: `account:${subject}`, allowance: limits.perAccount };
        const origin = { key: `address:${networkOf(address)}`, allowance: limits.perAddress };
        await spend(store, [origin, account]);
        let settled = false;
        const settle = async (work: (repositories: Repositories) => Promise<void>) => {
          await store.transaction(work);
          settled = true;
        };
        try {
          return await work({
            succeed: (alongside) =>
              settle(async (repositories) => {
                await alongside(repositories);
                await repositories.attempts.giveBack(origin);
                await repositories.attempts.forgive(account);
              }),
            fail: (alongside) =>
              settle(async (repositories) => {
                await repositories.attempts.fail(origin);
                await repositories.attempts.fail(account);
                const counter = (await repositories.attempts.read(account))!;
                const blocked = counter.pending === 0 && counter.blocked_until > Date.now();
                await alongside(repositories, blocked);
              }),
          });
        } catch (error) {
          if (!settled) await refund(store, [origin, account]);
          throw error;
        }
      }),
  };
}

/** A key has no attempt left. */
class Blocked extends Error {
  readonly key: AttemptKey;

  constructor(key: AttemptKey) {
    super();
    this.key = key;
  }
}

/**
 * Spends an attempt of all keys, or of none. They are locked in this order wherever they are, so that
 * transactions do not wait for each other in a circle.
 */
async function spend(store: Store, keys: AttemptKey[]): Promise<void> {
  const deadline = Date.now() + PATIENCE;
  for (;;) {
    const now = Date.now();
    try {
      return await store.transaction(async ({ attempts }) => {
        for (const key of keys) {
          if (!(await attempts.spend(key, now))) throw new Blocked(key);
        }
      });
    } catch (error) {
      if (!(error instanceof Blocked)) throw error;
      const counter = await store.attempts.read(error.key);
      const wait = counter ? counter.blocked_until - Date.now() : 0;
      // Attempts that another replica checks right now may turn out to be none.
      if (wait > 0 && (!mayGiveBack(counter!, now) || now > deadline)) throw blocked(wait);
      await setTimeout(POLL * (0.5 + Math.random()));
    }
  }
}

async function refund(store: Store, keys: AttemptKey[]): Promise<void> {
  await store.transaction(async ({ attempts }) => {
    for (const key of keys) await attempts.refund(key);
  });
}

function blocked(milliseconds: number) {
  const seconds = Math.ceil(milliseconds / 1000);
  return accountProblems.tooManyAttempts(undefined, { headers: { 'retry-after': `${seconds}` } });
}
