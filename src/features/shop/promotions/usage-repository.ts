import { type Kysely, sql } from 'kysely';
import type { DatabaseKind } from '../../../database/database.ts';
import type { ShopTables } from '../tables.ts';
import type { PromotionRow } from './repository.ts';

const INCREMENTED = { uses: sql<number>`uses + 1` };
const DECREMENTED = { uses: sql<number>`uses - 1` };

/** The uses of promotions with a limit: in all orders, and in those of each user. */
export function createUsageRepository(db: Kysely<ShopTables>, kind: DatabaseKind) {
  const usesOf = (promotionId: string, userId: string) =>
    db
      .updateTable('promotion_uses')
      .where('promotion_id', '=', promotionId)
      .where('user_id', '=', userId);

  return {
    /** Returns the number of times that a user has used each of the promotions, by id. */
    async findByUser(userId: string, ids: readonly string[]): Promise<Map<string, number>> {
      if (ids.length === 0) return new Map();
      const rows = await db
        .selectFrom('promotion_uses')
        .select(['promotion_id', 'uses'])
        .where('user_id', '=', userId)
        .where('promotion_id', 'in', ids)
        .execute();
      return new Map(rows.map(({ promotion_id, uses }) => [promotion_id, uses]));
    },

    /** Counts a use. Returns false if that would exceed a limit; then the transaction must be rolled back. */
    async increment({ id, usage_limit_per_user }: PromotionRow, userId: string): Promise<boolean> {
      const { numUpdatedRows } = await db
        .updateTable('promotions')
        .set(INCREMENTED)
        .where('id', '=', id)
        .where((is) =>
          is.or([is('usage_limit', 'is', null), is('uses', '<', is.ref('usage_limit'))]),
        )
        .executeTakeFirstOrThrow();
      if (numUpdatedRows === 0n) return false;
      await insertIfMissing(db, kind, { promotion_id: id, user_id: userId, uses: 0 });
      const own = usesOf(id, userId)
        .set(INCREMENTED)
        .$if(usage_limit_per_user !== null, (query) =>
          query.where('uses', '<', usage_limit_per_user),
        );
      return (await own.executeTakeFirstOrThrow()).numUpdatedRows > 0n;
    },

    /** Takes back a use that was counted. */
    async decrement(id: string, userId: string): Promise<void> {
      await db.updateTable('promotions').set(DECREMENTED).where('id', '=', id).execute();
      await usesOf(id, userId).set(DECREMENTED).execute();
    },
  };
}

/** Waits for a concurrent transaction that inserts the same row. */
async function insertIfMissing(
  db: Kysely<ShopTables>,
  kind: DatabaseKind,
  row: ShopTables['promotion_uses'],
): Promise<void> {
  const insert = db.insertInto('promotion_uses').values(row);
  const query =
    kind === 'mysql' ? insert.ignore() : insert.onConflict((conflict) => conflict.doNothing());
  await query.execute();
}
