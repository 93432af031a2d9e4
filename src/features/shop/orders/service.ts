import type { Slice } from '../../../database/keyset.ts';
import { Problem } from '../../../http/problem.ts';
import type { Claim } from '../../../idempotency/claim.ts';
import { facts } from '../../../telemetry.ts';
import { shopProblems } from '../problems.ts';
import type { Repositories, Store } from '../store.ts';
import type { OrderStatus } from '../tables.ts';
import { calculateOrder } from './order-calculation.ts';
import { stockMovementsOf } from './order-rows.ts';
import { placeOrder } from './place-order.ts';
import type { OrderFilter, OrderRepository, OrderRows } from './repository.ts';
import type { OrderRequest } from './schemas.ts';

/** The statuses from which an order can reach each status. */
const PREVIOUS_STATUSES: Record<OrderStatus, readonly OrderStatus[]> = {
  placed: [],
  paid: ['placed'],
  shipped: ['paid'],
  delivered: ['shipped'],
  cancelled: ['placed', 'paid'],
};

export type OrderService = ReturnType<typeof createOrderService>;

/** Orders, which take all that they ask for, or nothing. */
export function createOrderService(store: Store) {
  return {
    /** @throws {Problem} as {@link calculateOrder} */
    quote: (userId: string, request: OrderRequest) => calculateOrder(store, userId, request),

    /** Runs once for each claim. @throws {Problem} as {@link calculateOrder} */
    async place(userId: string, request: OrderRequest, claim?: Claim) {
      try {
        const once = await placeOrder(store, userId, request, claim);
        if (!once.replayed) facts.publish({ type: 'order', outcome: 'placed' });
        return once;
      } catch (error) {
        if (isRefusal(error)) facts.publish({ type: 'order', outcome: 'refused' });
        throw error;
      }
    },

    /** Returns an order of the user, or of any user if `userId` is undefined. @throws {Problem} `order_not_found` */
    get: (id: string, userId: string | undefined) => getOrder(store.orders, id, userId),

    list: (filter: OrderFilter, slice: Slice) =>
      store.snapshot(({ orders }) => orders.list(filter, slice)),

    /**
     * Cancels an order of the user; a cancelled order stays as it is.
     *
     * @throws {Problem} `order_not_found`, `invalid_transition`
     */
    async cancel(id: string, userId: string): Promise<OrderRows> {
      await getOrder(store.orders, id, userId);
      await store.transaction((repositories) => setStatus(repositories, id, 'cancelled', userId));
      const rows = await getOrder(store.orders, id);
      if (rows.order.status !== 'cancelled') throw invalidTransition(rows, 'cancelled');
      return rows;
    },

    /** Runs once for each claim. @throws {Problem} `order_not_found`, `invalid_transition` */
    updateStatus: (id: string, status: OrderStatus, actor: string, claim?: Claim) =>
      store.once(claim, async (repositories) => {
        const updated = await setStatus(repositories, id, status, actor);
        const rows = await getOrder(repositories.orders, id);
        if (!updated) throw invalidTransition(rows, status);
        return rows;
      }),
  };
}

const isRefusal = (error: unknown) => error instanceof Problem && error.status < 500;

async function getOrder({ find }: OrderRepository, id: string, userId?: string) {
  const rows = await find(id);
  const isVisible = rows && (userId === undefined || rows.order.user_id === userId);
  if (!isVisible) throw shopProblems.orderNotFound();
  return rows;
}

function invalidTransition({ order }: OrderRows, status: OrderStatus) {
  const change = status === 'cancelled' ? 'be cancelled' : `become ${status}`;
  return shopProblems.invalidTransition(`A ${order.status} order cannot ${change}.`);
}

/**
 * Sets the status, if the order can get it. Whoever succeeds in cancelling gives back what the order took,
 * so that happens once.
 */
async function setStatus(
  { products, movements, usage, orders }: Repositories,
  id: string,
  status: OrderStatus,
  actor: string,
): Promise<boolean> {
  const updated = await orders.updateStatus(id, PREVIOUS_STATUSES[status], status);
  if (!updated || status !== 'cancelled') return updated;
  const rows = (await orders.find(id))!;
  const counted = rows.promotions
    .filter((promotion) => promotion.counted === 1)
    .toSorted((a, b) => (a.promotion_id < b.promotion_id ? -1 : 1));
  for (const { promotion_id } of counted) await usage.decrement(promotion_id, rows.order.user_id);
  for (const movement of stockMovementsOf(rows, 'cancelled', actor)) {
    // A deleted product has no stock.
    const moved = await products.moveStock(movement.product_id, movement.delta);
    if (moved) await movements.insert([movement]);
  }
  return true;
}
