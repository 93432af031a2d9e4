import { v7 as uuidv7 } from 'uuid';
import type { Slice } from '../../../database/keyset.ts';
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
        const now = Date.now();
        const id = uuidv7({ msecs: now });
        const times = { created_at: now, updated_at: now };
        await promotions.insert({ id, name, type, ...columnsOf(members), uses: 0, ...times });
        return getChecked(promotions, id);
      }),

    get: (id: string) => getPromotion(store.promotions, id),

    list: (slice: Slice) => store.snapshot(({ promotions }) => promotions.list(slice)),

    /** Lists the promotions that apply to orders of a user now, without a code. */
    listCurrent: (userId: string, slice: Slice) =>
      store.snapshot(({ promotions }) => promotions.listCurrent(userId, Date.now(), slice)),

    /** @throws {Problem} `validation_failed`, `promo_code_taken` */
    update: (id: string, changes: PromotionChanges) =>
      store.transaction(async ({ promotions }) => {
        // Locks the row, so that the whole of it can be checked.
        await promotions.update(id, { ...columnsOf(changes), updated_at: Date.now() });
        return getChecked(promotions, id);
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

/** @throws {Problem} `validation_failed`, which rolls the transaction back; `promotion_not_found` */
async function getChecked(promotions: PromotionRepository, id: string): Promise<PromotionRow> {
  const row = await getPromotion(promotions, id);
  const errors = [...brokenTerms(row), ...brokenConditions(row)];
  if (errors.length > 0) throw problems.validationFailed(undefined, { errors });
  return row;
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

/** The columns of each type, and the members of the API that they store. */
const TERMS = {
  percentage: { percentage: 'percentage' },
  fixed: { amount: 'amount' },
  buy_x_get_y: { buy_quantity: 'buy', get_quantity: 'get' },
} as const;

/** A promotion has all members of its type, and none of another. */
function brokenTerms(row: PromotionRow): FieldError[] {
  return Object.entries(TERMS).flatMap(([type, members]) =>
    Object.entries(members).flatMap(([column, member]) => {
      const isSet = row[column as keyof PromotionRow] !== null;
      if (isSet === (type === row.type)) return [];
      const message = isSet ? `does not belong to ${row.type}` : `is required for ${row.type}`;
      return [{ path: `/${member}`, message }];
    }),
  );
}

function brokenConditions({ amount, currency, minimum_total, starts_at, ends_at }: PromotionRow) {
  const errors: FieldError[] = [];
  if (currency === null && (amount ?? minimum_total) !== null) {
    errors.push({ path: '/currency', message: 'is required with amount and minimum_total' });
  }
  if (starts_at !== null && ends_at !== null && ends_at <= starts_at) {
    errors.push({ path: '/ends', message: 'must be after starts' });
  }
  return errors;
}
