import { toTimestamp } from '../../../http/timestamp.ts';
import type { OrderCalculation } from './order-calculation.ts';
import { newOrderRows } from './order-rows.ts';
import type { OrderRows } from './repository.ts';
import type { Order, OrderQuote } from './schemas.ts';

export function toOrder(rows: OrderRows): Order {
  const { id, created_at, user_id, status } = rows.order;
  return { id, created: toTimestamp(created_at), user: user_id, status, ...toPricedOrder(rows) };
}

/** Returns what an order would answer, without that which only an order has, such as an id. */
export function toOrderQuote(calculation: OrderCalculation): OrderQuote {
  return toPricedOrder(newOrderRows('', '', calculation, 0));
}

function toPricedOrder({ order, parts, promotions }: OrderRows): OrderQuote {
  const { currency, subtotal, discount, total } = order;
  return {
    parts: parts.map((part) => ({
      product: part.product_id,
      quantity_in_order: part.quantity,
      product_name: part.product_name,
      unit_price: part.unit_price,
      discount: part.discount,
      total: part.total,
    })),
    currency,
    subtotal,
    discount,
    total,
    promotions: promotions.map((promotion) => ({
      id: promotion.promotion_id,
      name: promotion.name,
      type: promotion.type,
      code: promotion.code,
      discount: promotion.discount,
    })),
  };
}
