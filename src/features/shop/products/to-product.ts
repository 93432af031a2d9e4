import { toTimestamp } from '../../../http/timestamp.ts';
import { etagOf } from './etag.ts';
import type { ProductRow } from './repository.ts';
import type { Product } from './schemas.ts';

export function toProduct(row: ProductRow): Product {
  const { created_at, updated_at, photos, ...product } = row;
  return {
    ...product,
    etag: etagOf(row),
    photos: JSON.parse(photos),
    created: toTimestamp(created_at),
    updated: toTimestamp(updated_at),
  };
}
