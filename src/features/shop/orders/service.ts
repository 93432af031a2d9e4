import type { Claim } from '../../../idempotency/claim.ts';
import type { Once } from '../../../idempotency/idempotency.ts';
import { shopProblems } from '../problems.ts';
import type { Repositories, Store } from '../store.ts';
import type { OrderStatus } from '../tables.ts';
import { type Draft, draftOrder } from './order-calculation.ts';
import { movementsOf } from './order-rows.ts';
import { placeOrder } from './place-order.ts';
import type { OrderRecord } from './repository.ts';
import type { OrderRequest } from './schemas.ts';

/** Orders: all of what one asks for is taken, or nothing. */
export interface OrderService {
  /** @throws {Problem} each of the reasons why there is no such order. */
  quote(userId: string, request: OrderRequest): Promise<Draft>;
  /** Once for each claim. @throws {Problem} as `quote` */
  place(userId: string, request: OrderRequest, claim?: Claim): Promise<Once<OrderRecord>>;
  /** An order of the user, or of anyone. @throws {Problem} `order_not_found` */
  get(id: string, userId: string | undefined): Promise<OrderRecord>;
  /** Once: an order that is cancelled stays as it is. @throws {Problem} `invalid_transition` */
  cancel(id: string, userId: string): Promise<OrderRecord>;
  /** Once for each claim. @throws {Problem} `order_not_found`, `invalid_transition` */
  changeStatus(
    id: string,
    status: OrderStatus,
    actor: string,
    claim?: Claim,
  ): Promise<Once<OrderRecord>>;
}

/** From where an order can get to each status. */
const SOURCES: Record<OrderStatus, readonly OrderStatus[]> = {
  placed: [],
  paid: ['placed'],
  shipped: ['paid'],
  delivered: ['shipped'],
  cancelled: ['placed', 'paid'],
};

export function createOrderService(store: Store): OrderService {
  async function get(id: string, userId: string | undefined): Promise<OrderRecord> {
    const record = await store.orders.find(id);
    const isVisible = record && (userId === undefined || record.order.user_id === userId);
    if (!isVisible) throw shopProblems.orderNotFound();
    return record;
  }

  return {
    quote: (userId, request) => draftOrder(store, userId, request),

    place: (userId, request, claim) => placeOrder(store, { userId, request, claim }),

    get,

    async cancel(id, userId) {
      await get(id, userId);
      await store.transaction((repositories) =>
        changeStatusIn(repositories, id, 'cancelled', userId),
      );
      const record = await get(id, undefined);
      if (record.order.status !== 'cancelled') throw impossible(record);
      return record;
    },

    changeStatus: (id, status, actor, claim) =>
      store.once(claim, async (repositories) => {
        const changed = await changeStatusIn(repositories, id, status, actor);
        const record = await repositories.orders.find(id);
        if (!record) throw shopProblems.orderNotFound();
        if (!changed) throw impossible(record);
        return record;
      }),
  };
}

function impossible({ order }: OrderRecord) {
  return shopProblems.invalidTransition(`The order is ${order.status} already.`);
}

/** Cancelling gives back what the order took; whoever changes the status does it, so it is done once. */
async function changeStatusIn(
  { products, promotions, orders }: Repositories,
  id: string,
  status: OrderStatus,
  actor: string,
): Promise<boolean> {
  const changed = await orders.changeStatus(id, SOURCES[status], status);
  if (!changed || status !== 'cancelled') return changed;
  const record = (await orders.find(id))!;
  const counted = record.promotions
    .filter((promotion) => promotion.counted === 1)
    .toSorted((a, b) => (a.promotion_id < b.promotion_id ? -1 : 1));
  for (const { promotion_id } of counted) {
    await promotions.release(promotion_id, record.order.user_id);
  }
  for (const movement of movementsOf(record, 'cancelled', actor)) {
    // A product that is gone has no stock.
    const moved = await products.moveStock(movement.product_id, movement.delta);
    if (moved) await products.recordMovements([movement]);
  }
  return true;
}
