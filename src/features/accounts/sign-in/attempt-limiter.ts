import { setTimeout } from 'node:timers/promises';
import { v7 as uuidv7 } from 'uuid';
import { networkOf } from '../../../http/client-network.ts';
import { createQueue, type Queue } from '../../../queue.ts';
import { accountProblems, retryAfter } from '../problems.ts';
import type { Repositories, Store } from '../store.ts';
import type { Reservation, Usage } from './repository.ts';

interface AttemptLimits {
  perAccount: number;
  perAddress: number;
}

/** A limit on the failures of one account, or on the accounts that fail from one address. */
interface Limit extends Reservation {
  allowance: number;
  counts: 'failures' | 'accounts';
}

/** An attempt to prove a password, which is reserved until its outcome is known. */
export interface Attempt {
  account: Limit;
  address: Limit;
  hasFailed: boolean;
}

/** Limits the passwords that are tried for an account, and the accounts that are tried from an address. */
export interface AttemptLimiter {
  /**
   * Reserves an attempt and runs `work`, which ends it with `clear` or `fail`. If `work` throws before, the
   * attempt is refunded.
   *
   * @param subject the id of an account, or the key of a name that no account has; both are treated the same
   * @throws {Problem} `too_many_attempts`, `busy`
   */
  attempt<T>(
    subject: string,
    address: string | null,
    work: (attempt: Attempt) => Promise<T>,
  ): Promise<T>;
  /** Ends an attempt with the right password, and forgets the failures before it. */
  clear(repositories: Pick<Repositories, 'attempts'>, attempt: Attempt): Promise<void>;
  /** Ends an attempt with a wrong password. Returns whether the account has delays from now on. */
  fail(repositories: Repositories, attempt: Attempt): Promise<boolean>;
  /** Forgets the failures of an account whose owner has proven to be the owner in another way. */
  forget(repositories: Pick<Repositories, 'attempts'>, accountId: string): Promise<void>;
}

/** Delay after the last allowed failure, and after each one that follows; the last delay repeats. */
const DELAYS_MS = [15, 30, 60, 120, 240, 480, 900].map((seconds) => seconds * 1000);
/** Interval after which one more failure no longer counts, the oldest first. */
const RESTORE_EVERY_MS = 900_000;
/** A reservation older than this belongs to a process that crashed, and no longer counts. */
const MAX_PENDING_MS = 60_000;
/** Longest wait for concurrent attempts that may yet succeed. */
const MAX_WAIT_MS = 5000;
const POLL_INTERVAL_MS = 40;
/** Attempts for one account that may wait in this process. */
const MAX_QUEUED = 1000;

export function createAttemptLimiter(store: Store, limits: AttemptLimits): AttemptLimiter {
  const queueFor = createQueuePerSubject(limits);
  return {
    attempt: (subject, address, work) =>
      queueFor(subject, async () => {
        const attempt = toAttempt(subject, address, limits);
        await reserve(store, attempt);
        try {
          return await work(attempt);
        } catch (error) {
          if (!attempt.hasFailed) await refund(store, attempt);
          throw error;
        }
      }),

    clear: ({ attempts }, { account, address }) => attempts.clear(account, address.key),

    async fail({ attempts }, attempt) {
      attempt.hasFailed = true;
      const now = Date.now();
      let failures = 0;
      for (const limit of limitsOf(attempt)) {
        await attempts.lock(limit.key, now);
        const usage = await attempts.usage(limit, now);
        // An account that already counts against this address keeps its expiry.
        const until = limit.counts === 'accounts' ? usage.latestOfSubject : 0;
        await attempts.fail(limit, now, until || Math.max(now, usage.latest) + RESTORE_EVERY_MS);
        failures = usage.failures + 1;
      }
      return failures >= attempt.account.allowance;
    },

    forget: ({ attempts }, accountId) => attempts.removeFailures(accountId),
  };
}

/** Lists the limits in the order in which every transaction locks them, so that none deadlocks. */
const limitsOf = ({ address, account }: Attempt) => [address, account];

function toAttempt(subject: string, address: string | null, limits: AttemptLimits): Attempt {
  const id = uuidv7();
  const network = networkOf(address ?? '');
  return {
    account: {
      key: `account:${subject}`,
      subject,
      id,
      allowance: limits.perAccount,
      counts: 'failures',
    },
    address: {
      key: `address:${network}`,
      subject,
      id,
      allowance: limits.perAddress,
      counts: 'accounts',
    },
    hasFailed: false,
  };
}

/**
 * Runs few attempts for one account at once, well below its allowance, so that many right passwords at
 * once do not use it up while they are checked.
 */
function createQueuePerSubject({ perAccount }: AttemptLimits) {
  const queues = new Map<string, Queue>();
  const concurrency = Math.max(1, Math.floor(perAccount / 2));

  return async <T>(subject: string, task: () => Promise<T>): Promise<T> => {
    const limits = { slots: concurrency, maxWaiting: MAX_QUEUED };
    const queue = queues.get(subject) ?? createQueue(limits, accountProblems.busy);
    queues.set(subject, queue);
    try {
      return await queue.run(task);
    } finally {
      if (queue.size === 0) queues.delete(subject);
    }
  };
}

/** Reserves an attempt. At a limit, it waits for concurrent attempts: they may turn out to be right. */
async function reserve(store: Store, attempt: Attempt): Promise<void> {
  const deadline = performance.now() + MAX_WAIT_MS;
  for (;;) {
    const mayWait = performance.now() < deadline;
    const isReserved = await store.transaction((repositories) =>
      tryToReserve(repositories, attempt, mayWait),
    );
    if (isReserved) return;
    await setTimeout(POLL_INTERVAL_MS * (0.5 + Math.random()));
  }
}

/**
 * Reserves an attempt under both limits, or returns false where pending attempts may yet free one.
 *
 * @throws {Problem} `too_many_attempts`
 */
async function tryToReserve({ attempts }: Repositories, attempt: Attempt, mayWait: boolean) {
  const now = Date.now();
  const limits = limitsOf(attempt);
  for (const limit of limits) {
    await attempts.lock(limit.key, now);
    if (!hasRoom(limit, await attempts.usage(limit, now), now, mayWait)) return false;
  }
  for (const limit of limits) await attempts.reserve(limit, now, now + MAX_PENDING_MS);
  return true;
}

/** As {@link tryToReserve}, for one limit. */
function hasRoom({ allowance, counts }: Limit, usage: Usage, now: number, mayWait: boolean) {
  const { failures, failedSubjects, pending, subjects, failedAt } = usage;
  const [failed, used] =
    counts === 'accounts' ? [failedSubjects, subjects] : [failures, failures + pending];
  if (used < allowance) return true;
  if (pending > 0 && mayWait) return false;
  const delay = DELAYS_MS[Math.min(Math.max(0, failed - allowance), DELAYS_MS.length - 1)]!;
  const wait = pending > 0 ? delay : Math.min(failedAt + delay - now, delay);
  if (wait <= 0) return true;
  throw retryAfter(accountProblems.tooManyAttempts, wait);
}

async function refund(store: Store, attempt: Attempt): Promise<void> {
  await store.transaction(async ({ attempts }) => {
    for (const limit of limitsOf(attempt)) await attempts.remove(limit);
  });
}
