import { v7 as uuidv7 } from 'uuid';
import { isLimited } from '../promotions/eligibility.ts';
import type { MovementReason } from '../tables.ts';
import type { Draft } from './order-calculation.ts';
import type { OrderRecord } from './repository.ts';

/** The rows of a new order. */
export function recordOf(id: string, userId: string, draft: Draft, now: number): OrderRecord {
  const { lines, currency, pricing, promotions } = draft;
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
    parts: lines.map(({ product, name, quantity, unitPrice }, position) => ({
      order_id: id,
      position,
      product_id: product,
      product_name: name,
      quantity,
      unit_price: unitPrice,
      ...pricing.parts[position]!,
    })),
    promotions: promotions.map(({ row, discount: ofIt }, position) => ({
      order_id: id,
      position,
      promotion_id: row.id,
      name: row.name,
      type: row.type,
      code: row.code,
      discount: ofIt,
      counted: Number(isLimited(row)),
    })),
  };
}

/** What an order takes from the stock, or gives back to it, in the order in which products are locked. */
export function movementsOf(
  { order, parts }: OrderRecord,
  reason: Extract<MovementReason, 'ordered' | 'cancelled'>,
  actor: string,
) {
  return parts
    .toSorted((a, b) => (a.product_id < b.product_id ? -1 : 1))
    .map(({ product_id, quantity }) => ({
      id: uuidv7(),
      product_id,
      delta: reason === 'ordered' ? -quantity : quantity,
      reason,
      order_id: order.id,
      actor_id: actor,
      created_at: Date.now(),
    }));
}
