import { v7 as uuidv7 } from 'uuid';
import type { Claim } from '../../../idempotency/claim.ts';
import { shopProblems } from '../problems.ts';
import { hasMoved } from '../products/repository.ts';
import { hasUsageLimit } from '../promotions/eligibility.ts';
import type { Repositories, Store } from '../store.ts';
import {
  calculateOrder,
  insufficientStock,
  type OrderCalculation,
  unknownProduct,
} from './order-calculation.ts';
import { newOrderRows, stockMovementsOf } from './order-rows.ts';
import type { OrderRows } from './repository.ts';
import type { OrderRequest } from './schemas.ts';

/** Signals that a promotion without a code reached its limit after the order had been calculated. */
class PromotionUsedUp extends Error {
  readonly promotionId: string;

  constructor(promotionId: string) {
    super('the promotion has reached its usage limit');
    this.promotionId = promotionId;
  }
}

/** Places an order once for each claim, without the promotions that are used up before it is stored. */
export async function placeOrder(
  store: Store,
  userId: string,
  request: OrderRequest,
  claim: Claim | undefined,
) {
  const usedUp = new Set<string>();
  for (;;) {
    const [calculated] = await Promise.allSettled([calculateOrder(store, userId, request, usedUp)]);
    // A request that is repeated gets its first answer, whatever it would get now.
    if (calculated.status === 'rejected' && !claim) throw calculated.reason;
    try {
      return await store.once(claim, async (repositories) => {
        if (calculated.status === 'rejected') throw calculated.reason;
        return storeOrder(repositories, userId, request, calculated.value);
      });
    } catch (error) {
      if (!(error instanceof PromotionUsedUp)) throw error;
      usedUp.add(error.promotionId);
    }
  }
}

/**
 * Runs in a transaction. The rows for which concurrent orders wait come last, so that they are locked
 * briefly: the uses of limited promotions, then the stock, each by id, so that orders cannot deadlock.
 */
async function storeOrder(
  repositories: Repositories,
  userId: string,
  request: OrderRequest,
  calculation: OrderCalculation,
): Promise<OrderRows> {
  const now = Date.now();
  const id = uuidv7({ msecs: now });
  await countUses(repositories, userId, calculation);
  const rows = newOrderRows(id, userId, calculation, now);
  await insertAndTakeStock(repositories, rows, request);
  return rows;
}

async function countUses(
  { promotions, usage }: Repositories,
  userId: string,
  calculation: OrderCalculation,
): Promise<void> {
  const limited = calculation.promotions.map(({ row }) => row).filter(hasUsageLimit);
  for (const row of limited.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
    if (await usage.increment(row, userId)) continue;
    if (row.code === null) throw new PromotionUsedUp(row.id);
    // The customer asked for this promotion, so the order is refused instead of placed without it.
    const exists = (await promotions.find(row.id)) !== undefined;
    throw exists ? shopProblems.promoCodeUsedUp() : shopProblems.unknownPromoCode();
  }
}

async function insertAndTakeStock(
  { products, movements, orders, runAll }: Repositories,
  rows: OrderRows,
  request: OrderRequest,
): Promise<void> {
  const taken = stockMovementsOf(rows, 'ordered', rows.order.user_id);
  const insertions = [...orders.insertions(rows), movements.insertion(taken)];
  const moves = taken.map(({ product_id, delta }) => products.stockMove(product_id, delta));
  const moved = (await runAll([...insertions, ...moves])).slice(insertions.length).map(hasMoved);
  const short = taken[moved.indexOf(false)];
  if (!short) return;
  const { product_id: product, delta } = short;
  const row = await products.find(product);
  if (!row) throw unknownProduct(request, product);
  throw insufficientStock([{ product, quantity: -delta, available: row.quantity_in_stock }]);
}
