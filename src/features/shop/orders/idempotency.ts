import { hash } from 'node:crypto';
import { shopProblems } from '../problems.ts';
import type { OrderRecord, OrderRepository } from './repository.ts';
import type { OrderRequest } from './schemas.ts';

/** How long a request is remembered, in milliseconds. */
export const KEY_LIFETIME = 24 * 3_600_000;

const ROUTE = 'POST /orders';

/** `replayed` says that the order was there already. */
export interface Placed {
  record: OrderRecord;
  replayed: boolean;
}

/** A request that may be repeated: who made it under which key, and what it asks for. */
export interface Repeatable {
  keyHash: Buffer;
  requestHash: Buffer;
}

export function repeatable(userId: string, key: string, request: OrderRequest): Repeatable {
  const parts = request.parts.map(({ product, quantity_in_order }) => [product, quantity_in_order]);
  const content = { parts, promo_code: request.promo_code };
  return {
    keyHash: hash('sha256', JSON.stringify([userId, ROUTE, key]), 'buffer'),
    requestHash: hash('sha256', JSON.stringify(content), 'buffer'),
  };
}

/**
 * Takes the key for an order, in the transaction that places it: both are there in the end, or neither,
 * also if the process dies. Answers with the order that the key was taken for before.
 *
 * @throws {Problem} `idempotency_key_reused`
 */
export async function claimKey(
  orders: OrderRepository,
  claim: Repeatable,
  orderId: string,
  now: number,
): Promise<OrderRecord | undefined> {
  const row = {
    key_hash: claim.keyHash,
    request_hash: claim.requestHash,
    order_id: orderId,
    created_at: now,
  };
  if (await orders.insertKey(row)) return undefined;
  const known = await findOrder(orders, claim, now);
  if (known) return known;
  await orders.removeKeys(now - KEY_LIFETIME, claim.keyHash);
  if (await orders.insertKey(row)) return undefined;
  // Someone else was faster with a key that had expired.
  throw inProgress();
}

/** The order of a key, as it was answered, whatever has become of it since. */
async function findOrder(
  orders: OrderRepository,
  { keyHash, requestHash }: Repeatable,
  now: number,
): Promise<OrderRecord | undefined> {
  const known = await orders.findKey(keyHash);
  if (!known || known.created_at < now - KEY_LIFETIME) return undefined;
  if (!requestHash.equals(known.request_hash)) throw shopProblems.idempotencyKeyReused();
  const record = (await orders.find(known.order_id))!;
  return { ...record, order: { ...record.order, status: 'placed' } };
}

/**
 * Works under one key at a time in this process; whoever comes meanwhile gets what is there already.
 * Other processes wait for the transaction that has the key, see {@link claimKey}.
 */
export function createKeyGuard(orders: OrderRepository) {
  const running = new Set<string>();
  return async (claim: Repeatable, work: () => Promise<Placed>): Promise<Placed> => {
    const key = claim.keyHash.toString('base64');
    if (running.has(key)) {
      const record = await findOrder(orders, claim, Date.now());
      if (!record) throw inProgress();
      return { record, replayed: true };
    }
    running.add(key);
    try {
      return await work();
    } finally {
      running.delete(key);
    }
  };
}

function inProgress() {
  return shopProblems.idempotencyInProgress(undefined, { headers: { 'retry-after': '1' } });
}
