import type { Selectable } from 'kysely';
import type { StockMovementsTable } from '../tables.ts';
import type { ProductRow } from './repository.ts';
import type { Product, StockMovement } from './schemas.ts';

export function viewProduct({ created_at, updated_at, photos, ...product }: ProductRow): Product {
  return {
    ...product,
    photos: JSON.parse(photos),
    created: new Date(created_at).toISOString(),
    updated: new Date(updated_at).toISOString(),
  };
}

export function viewMovement(row: Selectable<StockMovementsTable>): StockMovement {
  return {
    id: row.id,
    product: row.product_id,
    delta: row.delta,
    reason: row.reason,
    order: row.order_id,
    actor: row.actor_id,
    created: new Date(row.created_at).toISOString(),
  };
}
