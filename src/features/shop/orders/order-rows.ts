import { hasUsageLimit } from '../promotions/eligibility.ts';
import type { NewMovement } from '../stock-movements/repository.ts';
import type { MovementReason } from '../tables.ts';
import type { OrderCalculation } from './order-calculation.ts';
import type { OrderRows } from './repository.ts';

/** Returns the rows of a new order. */
export function newOrderRows(
  id: string,
  userId: string,
  calculation: OrderCalculation,
  now: number,
): OrderRows {
  const { parts, currency, pricing, promotions } = calculation;
  const { subtotal, discount, total } = pricing;
  return {
    order: {
      id,
      user_id: userId,
      status: 'placed',
      currency,
      subtotal,
      discount,
      total,
      created_at: now,
      updated_at: now,
    },
    parts: parts.map(({ product, name, quantity, unitPrice }, position) => ({
      order_id: id,
      position,
      product_id: product,
      product_name: name,
      quantity,
      unit_price: unitPrice,
      ...pricing.parts[position]!,
    })),
    promotions: promotions.map(({ row, discount: discountOfPromotion }, position) => ({
      order_id: id,
      position,
      promotion_id: row.id,
      name: row.name,
      type: row.type,
      code: row.code,
      discount: discountOfPromotion,
      counted: Number(hasUsageLimit(row)),
    })),
  };
}

/** Returns the movements that take an order from the stock, or give it back, by product id: the lock order. */
export function stockMovementsOf(
  { order, parts }: OrderRows,
  reason: Extract<MovementReason, 'ordered' | 'cancelled'>,
  actor: string,
): NewMovement[] {
  return parts
    .toSorted((a, b) => (a.product_id < b.product_id ? -1 : 1))
    .map(({ product_id, quantity }) => ({
      product_id,
      delta: reason === 'ordered' ? -quantity : quantity,
      reason,
      order_id: order.id,
      actor_id: actor,
    }));
}
