import type { Insertable, Kysely, Selectable, Updateable } from 'kysely';
import { countOf } from '../../../database/count.ts';
import { violatesUnique } from '../../../database/errors.ts';
import { prepare } from '../../../database/prepare.ts';
import { offsetAndLimit, type PageQuery } from '../../../http/pages.ts';
import { shopProblems } from '../problems.ts';
import type { PromotionsTable, ShopTables } from '../tables.ts';

export type PromotionRow = Selectable<PromotionsTable>;
export type PromotionRepository = ReturnType<typeof createPromotionRepository>;
export type PromotionStatements = ReturnType<typeof preparePromotionStatements>;

/** Prepares the statements that every order runs. */
export function preparePromotionStatements(db: Kysely<ShopTables>) {
  return {
    findRunningWithoutCode: prepare(({ now }: { now: number }) =>
      db
        .selectFrom('promotions')
        .selectAll()
        .where('code', 'is', null)
        .where((is) => is.or([is('starts_at', 'is', null), is('starts_at', '<=', now)]))
        .where((is) => is.or([is('ends_at', 'is', null), is('ends_at', '>', now)])),
    ),
  };
}

export function createPromotionRepository(db: Kysely<ShopTables>, statements: PromotionStatements) {
  return {
    async find(id: string): Promise<PromotionRow | undefined> {
      return db.selectFrom('promotions').selectAll().where('id', '=', id).executeTakeFirst();
    },

    /** Returns one page, the newest first, and the count of all. */
    async list(page: PageQuery) {
      const promotions = db.selectFrom('promotions');
      const { offset, limit } = offsetAndLimit(page);
      const rows = promotions.selectAll().orderBy('id', 'desc').offset(offset).limit(limit);
      return { count: await countOf(promotions), rows: await rows.execute() };
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
    async findRunning(code: string | undefined, now: number): Promise<PromotionRow[]> {
      const { rows } = await statements.findRunningWithoutCode(db, { now });
      if (code === undefined) return rows;
      const promotions = db.selectFrom('promotions').selectAll();
      const withCode = await promotions.where('code', '=', code).execute();
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
