import type { Kysely, Transaction } from 'kysely';
import type { Database } from '../database/database.ts';
import { type Claim, seal, unseal } from './claim.ts';
import { idempotencyProblems } from './problems.ts';
import { createIdempotencyRepository, type IdempotencyRepository } from './repository.ts';
import type { IdempotencyTables } from './tables.ts';

/** The result of a request; `replayed` if an earlier request with its key produced it. */
export interface Once<T> {
  result: T;
  replayed: boolean;
}

export type Idempotency = ReturnType<typeof createIdempotency>;

/**
 * Makes requests that are repeated under one key take effect once. The record of a key is part of the transaction that
 * makes the change, so both are stored or neither is: across several servers and crashes. Until that transaction ends,
 * the database makes others with the same key wait. Refused requests leave no record. Results must be JSON.
 *
 * @param lifetime time for which a request is remembered, in milliseconds
 */
export function createIdempotency(database: Database<IdempotencyTables>, lifetime: number) {
  const { db, transaction } = database;
  const records = createIdempotencyRepository(database);
  const memory = { db, records, lifetime, inFlight: new Set<string>() };

  /** Does what `once` does without its in-process check, which `recall` or `singleFlight` has done. */
  function commit<Tables, T>(
    claim: Claim | undefined,
    work: (trx: Transaction<Tables>) => Promise<T>,
  ): Promise<Once<T>> {
    return transaction(async (trx) => {
      const known = claim && (await take<T>(memory, trx, claim));
      if (known) return known;
      const result = await work(trx as unknown as Transaction<Tables>);
      if (claim) await records.complete(trx, claim.keyHash, seal(claim, result));
      return { result, replayed: false };
    });
  }

  return {
    commit,
    /**
     * Runs `work` in a transaction, or returns the result of the request that did so before. Without a claim, runs
     * `work` each time.
     *
     * @throws {Problem} `idempotency_key_reused`, `idempotency_in_progress`
     */
    once: <Tables, T>(
      claim: Claim | undefined,
      work: (trx: Transaction<Tables>) => Promise<T>,
    ): Promise<Once<T>> => exclusively(memory, claim, () => commit(claim, work)),
    /**
     * Runs `work`, which ends with `commit`, unless the key has a result; in this process, never twice at a time for
     * one key. For work that is more than a transaction.
     *
     * @throws {Problem} as `once`
     */
    singleFlight: <T>(claim: Claim | undefined, work: () => Promise<Once<T>>): Promise<Once<T>> =>
      exclusively(
        memory,
        claim,
        async () => (claim && (await recall<T>(memory, db, claim))) ?? (await work()),
      ),
    /**
     * Returns the result of a claim, if it has one now.
     *
     * @throws {Problem} `idempotency_key_reused`
     */
    recall: async <T>(claim: Claim | undefined): Promise<Once<T> | undefined> =>
      claim && recall<T>(memory, db, claim),
    /** Tells whether an earlier request had the key, whatever its content. */
    isTaken: async (claim: Claim | undefined): Promise<boolean> =>
      claim !== undefined && (await records.find(db, claim.keyHash)) !== undefined,
    removeExpired: () => records.removeAllOlder(Date.now() - lifetime),
  };
}

interface Memory {
  db: Kysely<IdempotencyTables>;
  records: IdempotencyRepository;
  lifetime: number;
  /** Keys that this process is working on. */
  inFlight: Set<string>;
}

/**
 * Runs `work`. If this process is already working on the key, returns the stored result instead.
 *
 * @throws {Problem} `idempotency_in_progress` if there is no result yet
 */
async function exclusively<T>(
  memory: Memory,
  claim: Claim | undefined,
  work: () => Promise<Once<T>>,
): Promise<Once<T>> {
  if (!claim) return work();
  const { db, inFlight } = memory;
  const key = claim.keyHash.toString('base64');
  if (inFlight.has(key)) {
    const known = await recall<T>(memory, db, claim);
    if (!known) throw idempotencyProblems.inProgress();
    return known;
  }
  inFlight.add(key);
  try {
    return await work();
  } finally {
    inFlight.delete(key);
  }
}

async function recall<T>(
  { records, lifetime }: Memory,
  on: Kysely<IdempotencyTables>,
  claim: Claim,
): Promise<Once<T> | undefined> {
  const record = await records.find(on, claim.keyHash);
  if (!record || record.created_at < Date.now() - lifetime) return undefined;
  if (!claim.requestHash.equals(record.request_hash)) throw idempotencyProblems.keyReused();
  return { result: unseal<T>(claim, record.sealed_result), replayed: true };
}

/** Takes the key in a transaction, or returns the result that it has. */
async function take<T>(
  memory: Memory,
  trx: Kysely<IdempotencyTables>,
  claim: Claim,
): Promise<Once<T> | undefined> {
  const now = Date.now();
  const { keyHash, requestHash } = claim;
  const record = {
    key_hash: keyHash,
    request_hash: requestHash,
    sealed_result: '',
    created_at: now,
  };
  const { records, lifetime } = memory;
  if (await records.insert(trx, record)) return undefined;
  const known = await recall<T>(memory, trx, claim);
  if (known) return known;
  await records.removeIfOlder(trx, keyHash, now - lifetime);
  if (await records.insert(trx, record)) return undefined;
  // Another server was faster with a key that had expired.
  throw idempotencyProblems.inProgress();
}
