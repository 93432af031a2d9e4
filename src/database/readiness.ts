import type { Kysely } from 'kysely';
import { DatabaseUnavailable, isConflict } from './errors.ts';

export interface ReadinessTables {
  readiness: { id: number; checked_at: number };
}

/** Time for which a result is reused, so that any number of probes costs the same. */
const REUSE_MS = 1000;
const TIMEOUT_MS = 2000;

/**
 * Creates a check that the database accepts writes: one that is read-only, lacks a majority or has a full disk may still
 * answer queries. Concurrent checks share one write.
 */
export function createReadinessCheck(db: Kysely<ReadinessTables>): () => Promise<void> {
  let current: { result: Promise<void>; endedAt: number } | undefined;

  const start = () => {
    const check = { result: withTimeout(writeTo(db)), endedAt: Number.POSITIVE_INFINITY };
    const end = () => {
      check.endedAt = performance.now();
    };
    check.result.then(end, end);
    return check;
  };

  return () => {
    if (!current || performance.now() - current.endedAt > REUSE_MS) current = start();
    return current.result;
  };
}

async function writeTo(db: Kysely<ReadinessTables>): Promise<void> {
  try {
    await db.updateTable('readiness').set({ checked_at: Date.now() }).where('id', '=', 1).execute();
  } catch (error) {
    // Conflicts between the nodes of a cluster show that they accept writes.
    if (isConflict(error)) return;
    throw error instanceof DatabaseUnavailable ? error : new DatabaseUnavailable(error);
  }
}

async function withTimeout(check: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new DatabaseUnavailable(new Error('the database accepted no write in time')));
    }, TIMEOUT_MS);
  });
  try {
    await Promise.race([check, limit]);
  } finally {
    clearTimeout(timer);
  }
}
