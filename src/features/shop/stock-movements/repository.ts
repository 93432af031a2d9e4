import type { Insertable, Kysely, Selectable } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import { countOf } from '../../../database/count.ts';
import { prepareList } from '../../../database/prepare.ts';
import { offsetAndLimit, type PageQuery } from '../../../http/pages.ts';
import type { ShopTables, StockMovementsTable } from '../tables.ts';

export type MovementRow = Selectable<StockMovementsTable>;
/** A movement of no order has no `order_id`. */
export type NewMovement = Omit<MovementRow, 'id' | 'order_id' | 'created_at'> & {
  order_id?: string;
};
export type MovementStatements = ReturnType<typeof prepareMovementStatements>;

/** Prepares the statements that every order runs. */
export function prepareMovementStatements(db: Kysely<ShopTables>) {
  return {
    insert: prepareList((movements: Insertable<StockMovementsTable>[]) =>
      db.insertInto('stock_movements').values(movements),
    ),
  };
}

/** The ledger of the stock. */
export function createMovementRepository(db: Kysely<ShopTables>, statements: MovementStatements) {
  return {
    async insert(movements: NewMovement[]): Promise<void> {
      const now = Date.now();
      const rows = movements.map((movement) => ({
        id: uuidv7(),
        order_id: null,
        ...movement,
        created_at: now,
      }));
      await statements.insert(db, rows);
    },

    /** Returns one page of the movements of a product, the latest first, and the count of all. */
    async list(productId: string, page: PageQuery) {
      const movements = db.selectFrom('stock_movements').where('product_id', '=', productId);
      const { offset, limit } = offsetAndLimit(page);
      const rows = movements.selectAll().orderBy('id', 'desc').offset(offset).limit(limit);
      return { count: await countOf(movements), rows: await rows.execute() };
    },
  };
}
