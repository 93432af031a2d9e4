import { sql } from 'kysely';
import type { MigrationContext } from '../columns.ts';

export async function up(context: MigrationContext): Promise<void> {
  await createCatalogue(context);
  await createPromotions(context);
  await createOrders(context);
}

async function createCatalogue({ types, createTable }: MigrationContext): Promise<void> {
  // The unique constraints that end in the id are there as indexes, for filters and orders.
  await createTable('products')
    .addColumn('id', types.id, (column) => column.primaryKey())
    .addColumn('name', types.text(200), (column) => column.notNull())
    .addColumn('description', types.longText, (column) => column.notNull())
    .addColumn('sku', types.text(64))
    .addColumn('category', types.text(100))
    .addColumn('price', types.integer, (column) => column.notNull())
    .addColumn('currency', types.text(3), (column) => column.notNull())
    .addColumn('quantity_in_stock', types.integer, (column) => column.notNull())
    .addColumn('photos', types.longText, (column) => column.notNull())
    .addColumn('version', types.integer, (column) => column.notNull())
    .addColumn('created_at', types.integer, (column) => column.notNull())
    .addColumn('updated_at', types.integer, (column) => column.notNull())
    .addUniqueConstraint('products_sku', ['sku'])
    .addUniqueConstraint('products_price_id', ['price', 'id'])
    .addUniqueConstraint('products_name_id', ['name', 'id'])
    .addUniqueConstraint('products_created_at_id', ['created_at', 'id'])
    .addUniqueConstraint('products_quantity_in_stock_id', ['quantity_in_stock', 'id'])
    .addUniqueConstraint('products_category_price_id', ['category', 'price', 'id'])
    .addCheckConstraint('products_never_oversold', sql`quantity_in_stock >= 0`)
    .execute();

  await createTable('product_words')
    .addColumn('word', types.text(64), (column) => column.notNull())
    .addColumn('product_id', types.id, (column) => column.notNull())
    .addPrimaryKeyConstraint('product_words_word_product_id', ['word', 'product_id'])
    .addUniqueConstraint('product_words_product_id_word', ['product_id', 'word'])
    .addForeignKeyConstraint(
      'product_words_product_fk',
      ['product_id'],
      'products',
      ['id'],
      (constraint) => constraint.onDelete('cascade'),
    )
    .execute();

  await createTable('stock_movements')
    .addColumn('id', types.id, (column) => column.primaryKey())
    .addColumn('product_id', types.id, (column) => column.notNull())
    .addColumn('delta', types.integer, (column) => column.notNull())
    .addColumn('reason', types.text(16), (column) => column.notNull())
    .addColumn('order_id', types.id)
    .addColumn('actor_id', types.id)
    .addColumn('created_at', types.integer, (column) => column.notNull())
    .addUniqueConstraint('stock_movements_product_id_id', ['product_id', 'id'])
    .execute();
}

async function createPromotions({ types, createTable }: MigrationContext): Promise<void> {
  await createTable('promotions')
    .addColumn('id', types.id, (column) => column.primaryKey())
    .addColumn('name', types.text(200), (column) => column.notNull())
    .addColumn('type', types.text(16), (column) => column.notNull())
    .addColumn('code', types.text(64))
    .addColumn('percentage', types.integer)
    .addColumn('amount', types.integer)
    .addColumn('buy_quantity', types.integer)
    .addColumn('get_quantity', types.integer)
    .addColumn('currency', types.text(3))
    .addColumn('minimum_total', types.integer)
    .addColumn('starts_at', types.integer)
    .addColumn('ends_at', types.integer)
    .addColumn('products', types.longText)
    .addColumn('usage_limit', types.integer)
    .addColumn('usage_limit_per_user', types.integer)
    .addColumn('uses', types.integer, (column) => column.notNull())
    .addColumn('created_at', types.integer, (column) => column.notNull())
    .addColumn('updated_at', types.integer, (column) => column.notNull())
    .addUniqueConstraint('promotions_code', ['code'])
    .addCheckConstraint('promotions_never_overused', sql`uses >= 0`)
    .execute();

  await createTable('promotion_uses')
    .addColumn('promotion_id', types.id, (column) => column.notNull())
    .addColumn('user_id', types.id, (column) => column.notNull())
    .addColumn('uses', types.integer, (column) => column.notNull())
    .addPrimaryKeyConstraint('promotion_uses_promotion_id_user_id', ['promotion_id', 'user_id'])
    .execute();
}

async function createOrders({ types, createTable }: MigrationContext): Promise<void> {
  await createTable('orders')
    .addColumn('id', types.id, (column) => column.primaryKey())
    .addColumn('user_id', types.id, (column) => column.notNull())
    .addColumn('status', types.text(16), (column) => column.notNull())
    .addColumn('currency', types.text(3), (column) => column.notNull())
    .addColumn('subtotal', types.integer, (column) => column.notNull())
    .addColumn('discount', types.integer, (column) => column.notNull())
    .addColumn('total', types.integer, (column) => column.notNull())
    .addColumn('created_at', types.integer, (column) => column.notNull())
    .addColumn('updated_at', types.integer, (column) => column.notNull())
    .addUniqueConstraint('orders_user_id_created_at_id', ['user_id', 'created_at', 'id'])
    .addUniqueConstraint('orders_created_at_id', ['created_at', 'id'])
    .execute();

  await createTable('order_parts')
    .addColumn('order_id', types.id, (column) => column.notNull())
    .addColumn('position', types.integer, (column) => column.notNull())
    .addColumn('product_id', types.id, (column) => column.notNull())
    .addColumn('product_name', types.text(200), (column) => column.notNull())
    .addColumn('quantity', types.integer, (column) => column.notNull())
    .addColumn('unit_price', types.integer, (column) => column.notNull())
    .addColumn('discount', types.integer, (column) => column.notNull())
    .addColumn('total', types.integer, (column) => column.notNull())
    .addPrimaryKeyConstraint('order_parts_order_id_position', ['order_id', 'position'])
    .addForeignKeyConstraint('order_parts_order_fk', ['order_id'], 'orders', ['id'])
    .execute();

  await createTable('order_promotions')
    .addColumn('order_id', types.id, (column) => column.notNull())
    .addColumn('position', types.integer, (column) => column.notNull())
    .addColumn('promotion_id', types.id, (column) => column.notNull())
    .addColumn('name', types.text(200), (column) => column.notNull())
    .addColumn('type', types.text(16), (column) => column.notNull())
    .addColumn('code', types.text(64))
    .addColumn('discount', types.integer, (column) => column.notNull())
    .addColumn('counted', types.integer, (column) => column.notNull())
    .addPrimaryKeyConstraint('order_promotions_order_id_position', ['order_id', 'position'])
    .addForeignKeyConstraint('order_promotions_order_fk', ['order_id'], 'orders', ['id'])
    .execute();

  await createTable('idempotency_keys')
    .addColumn('key_hash', types.bytes(32), (column) => column.primaryKey())
    .addColumn('request_hash', types.bytes(32), (column) => column.notNull())
    .addColumn('order_id', types.id, (column) => column.notNull())
    .addColumn('created_at', types.integer, (column) => column.notNull())
    .addUniqueConstraint('idempotency_keys_created_at_key_hash', ['created_at', 'key_hash'])
    .execute();
}
