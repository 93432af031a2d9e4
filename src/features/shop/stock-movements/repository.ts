import type { Insertable, Kysely, Selectable } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import { countOf } from '../../../database/count.ts';
import type { DatabaseKind } from '../../../database/database.ts';
import { type Slice, sliceOfRows } from '../../../database/keyset.ts';
import { prepareList } from '../../../database/prepare.ts';
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
export function createMovementRepository(
  db: Kysely<ShopTables>,
  kind: DatabaseKind,
  statements: MovementStatements,
) {
  return {
    async insert(movements: NewMovement[]): Promise<void> {
      await statements.insert(db, movements.map(toRow));
    },

    /** Returns the statement of {@link insert}. */
    insertion: (movements: NewMovement[]) => statements.insert.bind(movements.map(toRow)),

    /** Returns a slice of the movements of a product, and the count of all. */
    async list(productId: string, slice: Slice) {
      const movements = db.selectFrom('stock_movements').where('product_id', '=', productId);
      const rows = sliceOfRows(movements.selectAll(), kind, slice);
      return { count: await countOf(movements), rows: await rows.execute() };
    },
  };
}

const toRow = (movement: NewMovement): Insertable<StockMovementsTable> => ({
  id: uuidv7(),
  order_id: null,
  ...movement,
  created_at: Date.now(),
});
