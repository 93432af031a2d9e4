import { toTimestamp } from '../../../http/timestamp.ts';
import type { ProductRow } from './repository.ts';
import type { Product } from './schemas.ts';

export function toProduct({ created_at, updated_at, photos, ...product }: ProductRow): Product {
  return {
    ...product,
    photos: JSON.parse(photos),
    created: toTimestamp(created_at),
    updated: toTimestamp(updated_at),
  };
}
