import { v7 as uuidv7 } from 'uuid';
import type { Claim } from '../../../idempotency/claim.ts';
import type { Once } from '../../../idempotency/idempotency.ts';
import { shopProblems } from '../problems.ts';
import { isLimited } from '../promotions/eligibility.ts';
import type { Repositories, Store } from '../store.ts';
import {
  type Draft,
  draftOrder,
  insufficientStock,
  shortage,
  unknownProduct,
} from './order-calculation.ts';
import { movementsOf, recordOf } from './order-rows.ts';
import type { OrderRecord } from './repository.ts';
import type { OrderRequest } from './schemas.ts';

export interface Placement {
  userId: string;
  request: OrderRequest;
  claim: Claim | undefined;
}

/** An offer had a use left when the order was worked out, and none when it was to be taken. */
class UsedUp extends Error {
  readonly promotionId: string;

  constructor(promotionId: string) {
    super('the special offer is used up');
    this.promotionId = promotionId;
  }
}

/** Places an order, without the offers that are used up before it is there. */
export async function placeOrder(store: Store, placement: Placement): Promise<Once<OrderRecord>> {
  const exhausted = new Set<string>();
  for (;;) {
    try {
      return await store.once(placement.claim, (repositories) =>
        placeIn(repositories, placement, exhausted),
      );
    } catch (error) {
      if (!(error instanceof UsedUp)) throw error;
      exhausted.add(error.promotionId);
    }
  }
}

/**
 * In a transaction. What others wait for comes last and is held for a moment: the uses of limited
 * offers, then the stock, each in the order of their ids, so that no two orders wait for each other.
 */
async function placeIn(
  repositories: Repositories,
  { userId, request }: Placement,
  exhausted: ReadonlySet<string>,
): Promise<OrderRecord> {
  const now = Date.now();
  const id = uuidv7({ msecs: now });
  const draft = await draftOrder(repositories, userId, request, exhausted);
  await takeOffers(repositories, userId, draft);
  const record = recordOf(id, userId, draft, now);
  await repositories.orders.insert(record);
  await takeStock(repositories, record, request);
  return record;
}

async function takeOffers(
  { promotions }: Repositories,
  userId: string,
  draft: Draft,
): Promise<void> {
  const limited = draft.promotions.map(({ row }) => row).filter(isLimited);
  for (const row of limited.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
    if (await promotions.take(row, userId)) continue;
    // Whoever gave the code wants it, or no order.
    if (row.code === null) throw new UsedUp(row.id);
    // It may have been removed since the order was worked out.
    const isThere = (await promotions.find(row.id)) !== undefined;
    throw isThere ? shopProblems.promoCodeUsedUp() : shopProblems.unknownPromoCode();
  }
}

async function takeStock(
  { products }: Repositories,
  record: OrderRecord,
  request: OrderRequest,
): Promise<void> {
  const movements = movementsOf(record, 'ordered', record.order.user_id);
  await products.recordMovements(movements);
  for (const { product_id, delta } of movements) {
    if (await products.moveStock(product_id, delta)) continue;
    const row = await products.find(product_id);
    if (!row)
      throw unknownProduct(request.parts.findIndex(({ product }) => product === product_id));
    throw insufficientStock([shortage(product_id, -delta, row)]);
  }
}
