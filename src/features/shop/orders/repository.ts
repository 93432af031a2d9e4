import type { CompiledQuery, Kysely, Selectable } from 'kysely';
import { countOf } from '../../../database/count.ts';
import type { DatabaseKind } from '../../../database/database.ts';
import { type Found, type Ordering, type Slice, sliceOfRows } from '../../../database/keyset.ts';
import { prepare, prepareList } from '../../../database/prepare.ts';
import type {
  OrderPartsTable,
  OrderPromotionsTable,
  OrderStatus,
  OrdersTable,
  ShopTables,
} from '../tables.ts';

/** The rows of an order, each list by position. */
export interface OrderRows {
  order: Selectable<OrdersTable>;
  parts: Selectable<OrderPartsTable>[];
  promotions: Selectable<OrderPromotionsTable>[];
}

/** The newest first. */
export const ORDER_OF_ORDERS: Ordering = [
  { column: 'created_at', direction: 'desc', type: 'integer' },
  { column: 'id', direction: 'desc', type: 'id' },
];

export interface OrderFilter {
  /** The user whose orders are listed; undefined is all users. */
  userId: string | undefined;
  status: OrderStatus | undefined;
}

export type OrderRepository = ReturnType<typeof createOrderRepository>;
export type OrderStatements = ReturnType<typeof prepareOrderStatements>;

/** Prepares the statements that every order runs. */
export function prepareOrderStatements(db: Kysely<ShopTables>) {
  return {
    insertOrder: prepare((order: OrdersTable) => db.insertInto('orders').values(order)),
    insertParts: prepareList((parts: OrderPartsTable[]) =>
      db.insertInto('order_parts').values(parts),
    ),
  };
}

export function createOrderRepository(
  db: Kysely<ShopTables>,
  kind: DatabaseKind,
  statements: OrderStatements,
) {
  return {
    /** Returns the statements that insert an order. */
    insertions({ order, parts, promotions }: OrderRows): CompiledQuery[] {
      const insertions = [statements.insertOrder.bind(order), statements.insertParts.bind(parts)];
      if (promotions.length === 0) return insertions;
      return [...insertions, db.insertInto('order_promotions').values(promotions).compile()];
    },

    async find(id: string): Promise<OrderRows | undefined> {
      const orders = await db.selectFrom('orders').selectAll().where('id', '=', id).execute();
      return (await readDetails(db, orders))[0];
    },

    /** Returns a slice of the orders that pass a filter, and the count of all. */
    async list({ userId, status }: OrderFilter, slice: Slice): Promise<Found<OrderRows>> {
      let found = db.selectFrom('orders');
      if (userId !== undefined) found = found.where('user_id', '=', userId);
      if (status !== undefined) found = found.where('status', '=', status);
      const count = await countOf(found);
      const orders = await sliceOfRows(found.selectAll(), kind, slice).execute();
      return { count, rows: await readDetails(db, orders) };
    },

    /** Changes the status if it is one of `from`: of concurrent calls, one succeeds. */
    async updateStatus(id: string, from: readonly OrderStatus[], to: OrderStatus) {
      if (from.length === 0) return false;
      const { numUpdatedRows } = await db
        .updateTable('orders')
        .set({ status: to, updated_at: Date.now() })
        .where('id', '=', id)
        .where('status', 'in', from)
        .executeTakeFirstOrThrow();
      return numUpdatedRows > 0n;
    },
  };
}

async function readDetails(
  db: Kysely<ShopTables>,
  orders: Selectable<OrdersTable>[],
): Promise<OrderRows[]> {
  if (orders.length === 0) return [];
  const ids = orders.map(({ id }) => id);
  const read = <T extends 'order_parts' | 'order_promotions'>(table: T) =>
    db
      .selectFrom(table as 'order_parts' | 'order_promotions')
      .selectAll(table)
      .where('order_id', 'in', ids)
      .orderBy('position')
      .execute();
  const parts = Map.groupBy(await read('order_parts'), ({ order_id }) => order_id);
  const promotions = Map.groupBy(await read('order_promotions'), ({ order_id }) => order_id);
  return orders.map((order) => ({
    order,
    parts: parts.get(order.id) ?? [],
    promotions: promotions.get(order.id) ?? [],
  }));
}
