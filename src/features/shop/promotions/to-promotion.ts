import { toTimestamp } from '../../../http/timestamp.ts';
import type { PromotionRow } from './repository.ts';
import type { CurrentPromotion, Promotion } from './schemas.ts';

/** Returns a promotion as administrators see it. */
export function toPromotion(row: PromotionRow): Promotion {
  const { code, starts_at, usage_limit, uses, created_at, updated_at } = row;
  return {
    ...toCurrentPromotion(row),
    code,
    starts: starts_at === null ? null : toTimestamp(starts_at),
    usage_limit,
    uses,
    created: toTimestamp(created_at),
    updated: toTimestamp(updated_at),
  };
}

/** Returns a promotion as customers see it. */
export function toCurrentPromotion(row: PromotionRow): CurrentPromotion {
  const { id, name, type, percentage, amount, currency, minimum_total } = row;
  return {
    ...{ id, name, type, percentage, amount, currency, minimum_total },
    buy: row.buy_quantity,
    get: row.get_quantity,
    ends: row.ends_at === null ? null : toTimestamp(row.ends_at),
    products: row.products === null ? null : JSON.parse(row.products),
    usage_limit_per_user: row.usage_limit_per_user,
  };
}
