import type { Insertable, Kysely, Selectable, Updateable } from 'kysely';
import { batchCalls } from '../../../batch-calls.ts';
import { countOf } from '../../../database/count.ts';
import type { DatabaseKind } from '../../../database/database.ts';
import { violatesUnique } from '../../../database/errors.ts';
import { type Found, type Slice, sliceOfRows } from '../../../database/keyset.ts';
import { prepare } from '../../../database/prepare.ts';
import { shopProblems } from '../problems.ts';
import type { PromotionsTable, ShopTables } from '../tables.ts';

export type PromotionRow = Selectable<PromotionsTable>;
export type PromotionRepository = ReturnType<typeof createPromotionRepository>;
export type PromotionStatements = ReturnType<typeof preparePromotionStatements>;

/** Prepares the statements that every order runs. */
export function preparePromotionStatements(db: Kysely<ShopTables>) {
  const find = prepare(({ now }: { now: number }) => runningWithoutCode(db, now).selectAll());
  return {
    /** Reads the promotions of several orders at once, in no transaction. */
    findRunningWithoutCode: batchCalls(
      Number.POSITIVE_INFINITY,
      async () => (await find(db, { now: Date.now() })).rows,
    ),
  };
}

function runningWithoutCode(db: Kysely<ShopTables>, now: number) {
  return db
    .selectFrom('promotions')
    .where('code', 'is', null)
    .where((is) => is.or([is('starts_at', 'is', null), is('starts_at', '<=', now)]))
    .where((is) => is.or([is('ends_at', 'is', null), is('ends_at', '>', now)]));
}

export function createPromotionRepository(
  db: Kysely<ShopTables>,
  kind: DatabaseKind,
  statements: PromotionStatements,
) {
  return {
    async find(id: string): Promise<PromotionRow | undefined> {
      return db.selectFrom('promotions').selectAll().where('id', '=', id).executeTakeFirst();
    },

    /** Returns a slice of the promotions, and the count of all. */
    async list(slice: Slice) {
      const promotions = db.selectFrom('promotions');
      const rows = sliceOfRows(promotions.selectAll(), kind, slice);
      return { count: await countOf(promotions), rows: await rows.execute() };
    },

    /** Returns a slice of the promotions without a code that run and that a user has not used up, and the count of all. */
    async listCurrent(userId: string, now: number, slice: Slice): Promise<Found<PromotionRow>> {
      const current = runningWithoutCode(db, now)
        .where((is) =>
          is.or([is('usage_limit', 'is', null), is('uses', '<', is.ref('usage_limit'))]),
        )
        .where(({ not, exists, selectFrom }) =>
          not(
            exists(
              selectFrom('promotion_uses')
                .select('user_id')
                .where('user_id', '=', userId)
                .whereRef('promotion_id', '=', 'promotions.id')
                .whereRef('promotion_uses.uses', '>=', 'promotions.usage_limit_per_user'),
            ),
          ),
        );
      const rows = sliceOfRows(current.selectAll(), kind, slice);
      return { count: await countOf(current), rows: await rows.execute() };
    },

    /** @throws {Problem} `promo_code_taken` */
    async insert(promotion: Insertable<PromotionsTable>): Promise<void> {
      await db.insertInto('promotions').values(promotion).execute().catch(explainDuplicate);
    },

    /** @throws {Problem} `promo_code_taken` */
    async update(id: string, changes: Updateable<PromotionsTable>): Promise<void> {
      const update = db.updateTable('promotions').set(changes).where('id', '=', id);
      await update.execute().catch(explainDuplicate);
    },

    /** Returns false if no promotion has the id. */
    async delete(id: string): Promise<boolean> {
      const deletion = db.deleteFrom('promotions').where('id', '=', id);
      return (await deletion.executeTakeFirstOrThrow()).numDeletedRows > 0n;
    },

    /** Returns the promotions that run now: those without a code, and the one with this code. */
    async findRunning(code: string | undefined): Promise<PromotionRow[]> {
      const rows = await statements.findRunningWithoutCode(undefined);
      if (code === undefined) return rows;
      const promotions = db.selectFrom('promotions').selectAll();
      const withCode = await promotions.where('code', '=', code).execute();
      const now = Date.now();
      return [...rows, ...withCode.filter((promotion) => isRunning(promotion, now))];
    },
  };
}

function isRunning({ starts_at, ends_at }: PromotionRow, now: number): boolean {
  return (starts_at ?? now) <= now && now < (ends_at ?? Number.POSITIVE_INFINITY);
}

function explainDuplicate(error: unknown): never {
  throw violatesUnique(error, 'promotions_code') ? shopProblems.promoCodeTaken() : error;
}
