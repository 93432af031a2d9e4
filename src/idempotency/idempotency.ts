import type { Kysely, Transaction } from 'kysely';
import type { Database } from '../database/database.ts';
import { type Claim, seal, unseal } from './claim.ts';
import { idempotencyProblems } from './problems.ts';
import { createIdempotencyRecords } from './records.ts';
import type { IdempotencyTables } from './tables.ts';

/** The result of a request; `replayed` says that an earlier request with its key had it. */
export interface Once<T> {
  result: T;
  replayed: boolean;
}

/**
 * Requests that are repeated under one key, and take effect once. Nothing but the database decides that,
 * so it holds for several servers and survives a crash: the record is part of the transaction that makes
 * the change, so both are there in the end, or neither. Until then, the database itself keeps whoever
 * comes with the same key waiting. Refusals leave no record.
 */
export interface Idempotency {
  /**
   * Runs `work` in a transaction, or returns the result, which must be JSON, of the request that did so
   * before. Without a claim, it is run each time.
   *
   * @throws {Problem} `idempotency_key_reused`, `idempotency_in_progress`
   */
  once<Tables, T>(
    claim: Claim | undefined,
    work: (trx: Transaction<Tables>) => Promise<T>,
  ): Promise<Once<T>>;
  /**
   * Runs `work`, which ends with {@link commit}, unless there is a result already. For work that is more
   * than a transaction; this process does it once at a time for each key.
   *
   * @throws {Problem} as `once`.
   */
  alone<T>(claim: Claim | undefined, work: () => Promise<Once<T>>): Promise<Once<T>>;
  /**
   * Returns the result that a claim has, if it has one; it may get one until {@link commit}.
   *
   * @throws {Problem} `idempotency_key_reused`
   */
  recall<T>(claim: Claim | undefined): Promise<Once<T> | undefined>;
  /** Tells whether an earlier request had the key, whatever its content. */
  isTaken(claim: Claim | undefined): Promise<boolean>;
  /** As `once`, after {@link recall} or inside of {@link alone}. */
  commit<Tables, T>(
    claim: Claim | undefined,
    work: (trx: Transaction<Tables>) => Promise<T>,
  ): Promise<Once<T>>;
  removeExpired(): Promise<void>;
}

/** `lifetime` is how long a request is remembered, in milliseconds. */
export function createIdempotency(
  { db, kind, transaction }: Database<IdempotencyTables>,
  lifetime: number,
): Idempotency {
  const records = createIdempotencyRecords(db, kind);
  const running = new Set<string>();

  async function recall<T>(on: Kysely<IdempotencyTables>, claim: Claim) {
    const record = await records.find(on, claim.keyHash);
    if (!record || record.created_at < Date.now() - lifetime) return undefined;
    if (!claim.requestHash.equals(record.request_hash)) throw idempotencyProblems.keyReused();
    return { result: unseal<T>(claim, record.sealed_result), replayed: true };
  }

  /** Takes the key in a transaction, or returns what it was taken for before. */
  async function take<T>(trx: Kysely<IdempotencyTables>, claim: Claim) {
    const now = Date.now();
    const { keyHash, requestHash } = claim;
    const record = {
      key_hash: keyHash,
      request_hash: requestHash,
      sealed_result: '',
      created_at: now,
    };
    if (await records.insert(trx, record)) return undefined;
    const known = await recall<T>(trx, claim);
    if (known) return known;
    await records.removeOlder(trx, keyHash, now - lifetime);
    if (await records.insert(trx, record)) return undefined;
    // Another server was faster with a key that had expired.
    throw inProgress();
  }

  async function commit<Tables, T>(
    claim: Claim | undefined,
    work: (trx: Transaction<Tables>) => Promise<T>,
  ): Promise<Once<T>> {
    return transaction(async (trx) => {
      const known = claim && (await take<T>(trx, claim));
      if (known) return known;
      const result = await work(trx as unknown as Transaction<Tables>);
      if (claim) await records.complete(trx, claim.keyHash, seal(claim, result));
      return { result, replayed: false };
    });
  }

  async function alone<T>(
    claim: Claim | undefined,
    work: () => Promise<Once<T>>,
  ): Promise<Once<T>> {
    if (!claim) return work();
    const key = claim.keyHash.toString('base64');
    if (running.has(key)) {
      const known = await recall<T>(db, claim);
      if (!known) throw inProgress();
      return known;
    }
    running.add(key);
    try {
      return await work();
    } finally {
      running.delete(key);
    }
  }

  return {
    once: (claim, work) => alone(claim, () => commit(claim, work)),
    alone: (claim, work) =>
      alone(claim, async () => (claim && (await recall(db, claim))) ?? (await work())),
    recall: async (claim) => claim && recall(db, claim),
    isTaken: async (claim) =>
      claim !== undefined && (await records.find(db, claim.keyHash)) !== undefined,
    commit,
    removeExpired: () => records.removeAllOlder(Date.now() - lifetime),
  };
}

function inProgress() {
  return idempotencyProblems.inProgress(undefined, { headers: { 'retry-after': '1' } });
}
