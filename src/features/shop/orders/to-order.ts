import type { Draft } from './order-calculation.ts';
import { recordOf } from './order-rows.ts';
import type { OrderRecord } from './repository.ts';

export function viewOrder(record: OrderRecord) {
  const { id, created_at, user_id, status } = record.order;
  return {
    id,
    created: new Date(created_at).toISOString(),
    user: user_id,
    status,
    ...viewPriced(record),
  };
}

export function viewQuote(draft: Draft) {
  return viewPriced(recordOf('', '', draft, 0));
}

function viewPriced({ order, parts, promotions }: OrderRecord) {
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
