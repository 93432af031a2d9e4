import type { Kysely } from 'kysely';
import { DatabaseUnavailable, isConflict } from './errors.ts';

export interface ReadinessTables {
  readiness: { id: number; checked_at: number };
}

/** How long an answer is given again, in milliseconds, so that probes cost nothing however many there are. */
const FRESH = 1000;
/** How long a check may take, in milliseconds. */
const LIMIT = 2000;

/**
 * A check that the database accepts writes: a read-only one, one without a majority, and one whose disk
 * is full may still answer queries. Checks that come together share one.
 */
export function createReadinessCheck(db: Kysely<ReadinessTables>): () => Promise<void> {
  let current: { result: Promise<void>; endedAt: number } | undefined;

  const start = () => {
    const check = { result: withLimit(writeTo(db)), endedAt: Number.POSITIVE_INFINITY };
    const end = () => {
      check.endedAt = performance.now();
    };
    check.result.then(end, end);
    return check;
  };

  return () => {
    if (!current || performance.now() - current.endedAt > FRESH) current = start();
    return current.result;
  };
}

async function writeTo(db: Kysely<ReadinessTables>): Promise<void> {
  try {
    await db.updateTable('readiness').set({ checked_at: Date.now() }).where('id', '=', 1).execute();
  } catch (error) {
    // Where the nodes of a cluster get in each other's way, they write.
    if (isConflict(error)) return;
    throw error instanceof DatabaseUnavailable ? error : new DatabaseUnavailable(error);
  }
}

async function withLimit(check: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new DatabaseUnavailable(new Error('the database accepted no write in time')));
    }, LIMIT);
  });
  try {
    await Promise.race([check, limit]);
  } finally {
    clearTimeout(timer);
  }
}
