import { v7 as uuidv7 } from 'uuid';
import type { PageQuery } from '../../../http/pages.ts';
import { type FieldError, problems } from '../../../http/problem.ts';
import { parseTimestamp } from '../../../http/timestamp.ts';
import type { Claim } from '../../../idempotency/claim.ts';
import { shopProblems } from '../problems.ts';
import type { Store } from '../store.ts';
import type { PromotionRepository, PromotionRow } from './repository.ts';
import type { NewPromotion, PromotionChanges } from './schemas.ts';

export type PromotionService = ReturnType<typeof createPromotionService>;

/** Promotions. Methods that take an id throw `promotion_not_found` if no promotion has it. */
export function createPromotionService(store: Store) {
  return {
    /** Runs once for each claim. @throws {Problem} `validation_failed`, `promo_code_taken` */
    create: ({ name, type, ...members }: NewPromotion, claim?: Claim) =>
      store.once(claim, async ({ promotions }) => {
        const row = newRow(name, type, members);
        checkTerms(row);
        await promotions.insert(row);
        return row;
      }),

    get: (id: string) => getPromotion(store.promotions, id),

    list: (page: PageQuery) => store.snapshot(({ promotions }) => promotions.list(page)),

    /** @throws {Problem} `validation_failed`, `promo_code_taken` */
    update: (id: string, changes: PromotionChanges) =>
      store.transaction(async ({ promotions }) => {
        // Locks the row, so that the whole of it can be checked.
        await promotions.update(id, { ...columnsOf(changes), updated_at: Date.now() });
        const row = await getPromotion(promotions, id);
        checkTerms(row);
        return row;
      }),

    async delete(id: string): Promise<void> {
      if (!(await store.promotions.delete(id))) throw shopProblems.promotionNotFound();
    },
  };
}

async function getPromotion({ find }: PromotionRepository, id: string): Promise<PromotionRow> {
  const row = await find(id);
  if (!row) throw shopProblems.promotionNotFound();
  return row;
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

/** Checks that a promotion has all members of its type, and none of another. @throws {Problem} `validation_failed` */
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
