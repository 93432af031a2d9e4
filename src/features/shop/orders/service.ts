import type { OrderStatus } from '../../../database/tables/shop.ts';
import { shopProblems } from '../problems.ts';
import type { Repositories, Store } from '../store.ts';
import { type Draft, draftOrder } from './draft.ts';
import { createKeyGuard, type Placed, repeatable } from './idempotency.ts';
import { placeOrder } from './placement.ts';
import { movementsOf } from './record.ts';
import type { OrderRecord } from './repository.ts';
import type { OrderRequest } from './schemas.ts';

/** Orders: all of what one asks for is taken, or nothing. */
export interface OrderService {
  /** @throws {Problem} each of the reasons why there is no such order. */
  quote(userId: string, request: OrderRequest): Promise<Draft>;
  /** Once for each key. @throws {Problem} as `quote`, and those of keys. */
  place(userId: string, request: OrderRequest, key: string | undefined): Promise<Placed>;
  /** An order of the user, or of anyone. @throws {Problem} `order_not_found` */
  get(id: string, userId: string | undefined): Promise<OrderRecord>;
  /** Once: an order that is cancelled stays as it is. @throws {Problem} `invalid_transition` */
  cancel(id: string, userId: string): Promise<OrderRecord>;
  /** @throws {Problem} `order_not_found`, `invalid_transition` */
  changeStatus(id: string, status: OrderStatus, actor: string): Promise<OrderRecord>;
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
  const alone = createKeyGuard(store.orders);

  async function get(id: string, userId: string | undefined): Promise<OrderRecord> {
    const record = await store.orders.find(id);
    const isVisible = record && (userId === undefined || record.order.user_id === userId);
    if (!isVisible) throw shopProblems.orderNotFound();
    return record;
  }

  /** `changed` is true for one of those who change it at once. */
  async function change(id: string, status: OrderStatus, actor: string) {
    const changed = await store.transaction((repositories) =>
      changeStatusIn(repositories, id, status, actor),
    );
    return { changed, record: await get(id, undefined) };
  }

  return {
    quote: (userId, request) => draftOrder(store, userId, request),

    async place(userId, request, key) {
      if (key === undefined) return placeOrder(store, { userId, request, claim: undefined });
      const claim = repeatable(userId, key, request);
      return alone(claim, () => placeOrder(store, { userId, request, claim }));
    },

    get,

    async cancel(id, userId) {
      await get(id, userId);
      const { record } = await change(id, 'cancelled', userId);
      if (record.order.status !== 'cancelled') throw impossible(record);
      return record;
    },

    async changeStatus(id, status, actor) {
      const { changed, record } = await change(id, status, actor);
      if (!changed) throw impossible(record);
      return record;
    },
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
