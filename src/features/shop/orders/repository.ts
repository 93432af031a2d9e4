import type { Kysely, Selectable } from 'kysely';
import { countOf } from '../../../database/count.ts';
import type { Statements } from '../statements.ts';
import type {
  OrderPartsTable,
  OrderPromotionsTable,
  OrderStatus,
  OrdersTable,
  ShopTables,
} from '../tables.ts';

/** An order with all that belongs to it, each list by position. */
export interface OrderRecord {
  order: Selectable<OrdersTable>;
  parts: Selectable<OrderPartsTable>[];
  promotions: Selectable<OrderPromotionsTable>[];
}

export interface OrderFilter {
  /** Whose orders; those of all if it is undefined. */
  userId: string | undefined;
  status: OrderStatus | undefined;
  offset: number;
  limit: number;
}

export type OrderRepository = ReturnType<typeof createOrderRepository>;

export function createOrderRepository(db: Kysely<ShopTables>, statements: Statements) {
  async function complete(orders: Selectable<OrdersTable>[]): Promise<OrderRecord[]> {
    if (orders.length === 0) return [];
    const ids = orders.map(({ id }) => id);
    const parts = await db
      .selectFrom('order_parts')
      .selectAll()
      .where('order_id', 'in', ids)
      .orderBy('position')
      .execute();
    const promotions = await db
      .selectFrom('order_promotions')
      .selectAll()
      .where('order_id', 'in', ids)
      .orderBy('position')
      .execute();
    const partsOf = Map.groupBy(parts, ({ order_id }) => order_id);
    const promotionsOf = Map.groupBy(promotions, ({ order_id }) => order_id);
    return orders.map((order) => ({
      order,
      parts: partsOf.get(order.id) ?? [],
      promotions: promotionsOf.get(order.id) ?? [],
    }));
  }

  return {
    async insert({ order, parts, promotions }: OrderRecord): Promise<void> {
      await statements.insertOrder(db, order);
      await statements.insertParts(db, parts);
      if (promotions.length === 0) return;
      await db.insertInto('order_promotions').values(promotions).execute();
    },

    async find(id: string): Promise<OrderRecord | undefined> {
      const order = await db
        .selectFrom('orders')
        .selectAll()
        .where('id', '=', id)
        .executeTakeFirst();
      return order && (await complete([order]))[0];
    },

    async list({ userId, status, offset, limit }: OrderFilter) {
      let found = db.selectFrom('orders');
      if (userId !== undefined) found = found.where('user_id', '=', userId);
      if (status !== undefined) found = found.where('status', '=', status);
      const count = await countOf(found);
      const orders = await found
        .selectAll()
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .offset(offset)
        .limit(limit)
        .execute();
      return { count, records: await complete(orders) };
    },

    /** Changes the status, if it is one of those: of several who do it at once, one succeeds. */
    async changeStatus(id: string, from: readonly OrderStatus[], to: OrderStatus) {
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
