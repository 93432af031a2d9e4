import { v7 as uuidv7 } from 'uuid';
import { type FieldError, problems } from '../../../http/problem.ts';
import { parseTimestamp } from '../../../http/timestamp.ts';
import type { Claim } from '../../../idempotency/claim.ts';
import type { Once } from '../../../idempotency/idempotency.ts';
import { shopProblems } from '../problems.ts';
import type { Store } from '../store.ts';
import type { PromotionRow } from './repository.ts';
import type { NewPromotion, PromotionChanges } from './schemas.ts';

/** What administrators do with special offers. All throw `promotion_not_found` where there is none. */
export interface PromotionService {
  /** Once for each claim. @throws {Problem} `validation_failed`, `code_taken` */
  add(promotion: NewPromotion, claim?: Claim): Promise<Once<PromotionRow>>;
  get(id: string): Promise<PromotionRow>;
  /** @throws {Problem} `validation_failed`, `code_taken` */
  change(id: string, changes: PromotionChanges): Promise<PromotionRow>;
  remove(id: string): Promise<void>;
}

export function createPromotionService(store: Store): PromotionService {
  const found = (row: PromotionRow | undefined) => {
    if (!row) throw shopProblems.promotionNotFound();
    return row;
  };
  return {
    add: ({ name, type, ...members }, claim) =>
      store.once(claim, async ({ promotions }) => {
        const row = newRow(name, type, members);
        checkTerms(row);
        await promotions.insert(row);
        return row;
      }),

    get: async (id) => found(await store.promotions.find(id)),

    async change(id, changes) {
      return store.transaction(async ({ promotions }) => {
        const columns = { ...columnsOf(changes), updated_at: Date.now() };
        // From here on nobody else changes it, so the whole of it can be checked.
        await promotions.update(id, columns);
        const row = found(await promotions.find(id));
        checkTerms(row);
        return row;
      });
    },

    async remove(id) {
      if (!(await store.promotions.remove(id))) throw shopProblems.promotionNotFound();
    },
  };
}

function newRow(name: string, type: PromotionRow['type'], members: PromotionChanges): PromotionRow {
  const now = Date.now();
  return {
    id: uuidv7({ msecs: now }),
    name,
    type,
    code: null,
    percentage: null,
    amount: null,
    buy_quantity: null,
    get_quantity: null,
    currency: null,
    minimum_total: null,
    starts_at: null,
    ends_at: null,
    products: null,
    usage_limit: null,
    usage_limit_per_user: null,
    ...columnsOf(members),
    uses: 0,
    created_at: now,
    updated_at: now,
  };
}

function columnsOf(changes: PromotionChanges): Partial<PromotionRow> {
  const { code, buy, get, starts, ends, products, ...same } = changes;
  return {
    ...same,
    ...(code !== undefined && { code: code?.toUpperCase() ?? null }),
    ...(buy !== undefined && { buy_quantity: buy }),
    ...(get !== undefined && { get_quantity: get }),
    ...(starts !== undefined && { starts_at: parsedOrNull(starts, '/starts') }),
    ...(ends !== undefined && { ends_at: parsedOrNull(ends, '/ends') }),
    ...(products !== undefined && { products: products && JSON.stringify(products) }),
  };
}

function parsedOrNull(time: string | null, path: string): number | null {
  return time === null ? null : parseTimestamp(time, path);
}

const TERMS = {
  percentage: { percentage: 'percentage' },
  fixed: { amount: 'amount' },
  buy_x_get_y: { buy_quantity: 'buy', get_quantity: 'get' },
} as const;

/** Each type has its own members, all of them and no others. */
function checkTerms(row: PromotionRow): void {
  const errors: FieldError[] = [];
  for (const [type, members] of Object.entries(TERMS)) {
    for (const [column, member] of Object.entries(members)) {
      const isSet = row[column as keyof PromotionRow] !== null;
      if (isSet === (type === row.type)) continue;
      const message = isSet ? `does not belong to ${row.type}` : `is required for ${row.type}`;
      errors.push({ path: `/${member}`, message });
    }
  }
  if (row.currency === null && (row.amount ?? row.minimum_total) !== null) {
    errors.push({ path: '/currency', message: 'is required beside amount and minimum_total' });
  }
  if (row.starts_at !== null && row.ends_at !== null && row.ends_at <= row.starts_at) {
    errors.push({ path: '/ends', message: 'must be after starts' });
  }
  if (errors.length > 0) throw problems.validationFailed(undefined, { errors });
}
