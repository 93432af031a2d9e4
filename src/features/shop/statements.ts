import { type Insertable, type Kysely, sql } from 'kysely';
import { prepare, prepareList } from '../../database/prepare.ts';
import type { OrderPartsTable, OrdersTable, ShopTables, StockMovementsTable } from './tables.ts';

export type Statements = ReturnType<typeof prepareStatements>;

/** What every order runs. */
export function prepareStatements(db: Kysely<ShopTables>) {
  return {
    findForOrder: prepareList((products: { id: string }[]) =>
      db
        .selectFrom('products')
        .select(['id', 'name', 'price', 'currency', 'quantity_in_stock'])
        .where(
          'id',
          'in',
          products.map(({ id }) => id),
        ),
    ),

    /**
     * The guard is a sum, which no index can serve: through the index on the stock, MariaDB misses a row
     * that a concurrent order moves within it while this statement waits.
     */
    moveStock: prepare((values: { id: string; delta: number }) => {
      const moved = sql<number>`quantity_in_stock + ${values.delta}`;
      return db
        .updateTable('products')
        .set({ quantity_in_stock: moved })
        .where('id', '=', values.id)
        .where(moved, '>=', 0);
    }),

    recordMovements: prepareList((movements: Insertable<StockMovementsTable>[]) =>
      db.insertInto('stock_movements').values(
        movements.map((movement) => ({
          id: movement.id,
          product_id: movement.product_id,
          delta: movement.delta,
          reason: movement.reason,
          order_id: movement.order_id,
          actor_id: movement.actor_id,
          created_at: movement.created_at,
        })),
      ),
    ),

    findAutomaticOffers: prepare(({ now }: { now: number }) =>
      db
        .selectFrom('promotions')
        .selectAll()
        .where('code', 'is', null)
        .where((is) => is.or([is('starts_at', 'is', null), is('starts_at', '<=', now)]))
        .where((is) => is.or([is('ends_at', 'is', null), is('ends_at', '>', now)])),
    ),

    insertOrder: prepare((order: OrdersTable) =>
      db.insertInto('orders').values({
        id: order.id,
        user_id: order.user_id,
        status: order.status,
        currency: order.currency,
        subtotal: order.subtotal,
        discount: order.discount,
        total: order.total,
        created_at: order.created_at,
        updated_at: order.updated_at,
      }),
    ),

    insertParts: prepareList((parts: OrderPartsTable[]) =>
      db.insertInto('order_parts').values(
        parts.map((part) => ({
          order_id: part.order_id,
          position: part.position,
          product_id: part.product_id,
          product_name: part.product_name,
          quantity: part.quantity,
          unit_price: part.unit_price,
          discount: part.discount,
          total: part.total,
        })),
      ),
    ),
  };
}
