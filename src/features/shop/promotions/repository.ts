import { type Insertable, type Kysely, type Selectable, sql, type Updateable } from 'kysely';
import { countOf } from '../../../database/count.ts';
import type { DatabaseKind } from '../../../database/database.ts';
import { violatesUnique } from '../../../database/errors.ts';
import { shopProblems } from '../problems.ts';
import type { Statements } from '../statements.ts';
import type { PromotionsTable, ShopTables } from '../tables.ts';

export type PromotionRow = Selectable<PromotionsTable>;
export type PromotionRepository = ReturnType<typeof createPromotionRepository>;

export function createPromotionRepository(
  db: Kysely<ShopTables>,
  kind: DatabaseKind,
  statements: Statements,
) {
  /** So that there is a row to count in. Waits for whoever inserts it now. */
  async function insertUnused(promotionId: string, userId: string): Promise<void> {
    const row = { promotion_id: promotionId, user_id: userId, uses: 0 };
    const insert = db.insertInto('promotion_uses').values(row);
    const query =
      kind === 'mysql' ? insert.ignore() : insert.onConflict((conflict) => conflict.doNothing());
    await query.execute();
  }

  return {
    async find(id: string): Promise<PromotionRow | undefined> {
      return db.selectFrom('promotions').selectAll().where('id', '=', id).executeTakeFirst();
    },

    async list({ offset, limit }: { offset: number; limit: number }) {
      const count = await countOf(db.selectFrom('promotions'));
      const rows = await db
        .selectFrom('promotions')
        .selectAll()
        .orderBy('id', 'desc')
        .offset(offset)
        .limit(limit)
        .execute();
      return { count, rows };
    },

    async insert(promotion: Insertable<PromotionsTable>): Promise<void> {
      await explainDuplicate(db.insertInto('promotions').values(promotion).execute());
    },

    async update(id: string, changes: Updateable<PromotionsTable>): Promise<void> {
      await explainDuplicate(
        db.updateTable('promotions').set(changes).where('id', '=', id).execute(),
      );
    },

    async remove(id: string): Promise<boolean> {
      const { numDeletedRows } = await db
        .deleteFrom('promotions')
        .where('id', '=', id)
        .executeTakeFirstOrThrow();
      return numDeletedRows > 0n;
    },

    /** The offers that run now: those without a code, and the one of the code. */
    async findRunning(code: string | undefined, now: number): Promise<PromotionRow[]> {
      const { rows } = await statements.findAutomaticOffers(db, { now });
      if (code === undefined) return rows;
      const ofCode = await db
        .selectFrom('promotions')
        .selectAll()
        .where('code', '=', code)
        .execute();
      const isRunning = ({ starts_at, ends_at }: PromotionRow) =>
        (starts_at ?? now) <= now && now < (ends_at ?? Number.POSITIVE_INFINITY);
      return [...rows, ...ofCode.filter(isRunning)];
    },

    /** How often a user has used each of the offers. */
    async usesOf(userId: string, ids: readonly string[]): Promise<Map<string, number>> {
      if (ids.length === 0) return new Map();
      const rows = await db
        .selectFrom('promotion_uses')
        .select(['promotion_id', 'uses'])
        .where('user_id', '=', userId)
        .where('promotion_id', 'in', ids)
        .execute();
      return new Map(rows.map(({ promotion_id, uses }) => [promotion_id, uses]));
    },

    /** Counts a use, unless that would exceed a limit. To be undone with its transaction if it is false. */
    async take({ id, usage_limit_per_user }: PromotionRow, userId: string): Promise<boolean> {
      const { numUpdatedRows } = await db
        .updateTable('promotions')
        .set({ uses: sql<number>`uses + 1` })
        .where('id', '=', id)
        .where((is) =>
          is.or([is('usage_limit', 'is', null), is('uses', '<', is.ref('usage_limit'))]),
        )
        .executeTakeFirstOrThrow();
      if (numUpdatedRows === 0n) return false;
      await insertUnused(id, userId);
      let own = db
        .updateTable('promotion_uses')
        .set({ uses: sql<number>`uses + 1` })
        .where('promotion_id', '=', id)
        .where('user_id', '=', userId);
      if (usage_limit_per_user !== null) own = own.where('uses', '<', usage_limit_per_user);
      return (await own.executeTakeFirstOrThrow()).numUpdatedRows > 0n;
    },

    /** Gives a use back that was counted. */
    async release(id: string, userId: string): Promise<void> {
      const less = { uses: sql<number>`uses - 1` };
      await db.updateTable('promotions').set(less).where('id', '=', id).execute();
      await db
        .updateTable('promotion_uses')
        .set(less)
        .where('promotion_id', '=', id)
        .where('user_id', '=', userId)
        .execute();
    },
  };
}

async function explainDuplicate<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (violatesUnique(error, 'promotions_code')) throw shopProblems.codeTaken();
    throw error;
  }
}
