import { sql } from 'kysely';
import {
  type MigrationContext,
  type Migrations,
  primary,
  required,
} from '../../database/migration-context.ts';

export const shopMigrations: Migrations = {
  '0001-shop': async (context) => {
    await createCatalogue(context);
    await createPromotions(context);
    await createOrders(context);
  },
};

async function createCatalogue({ types, createTable }: MigrationContext): Promise<void> {
  // The unique constraints that end in the id are there as indexes, for filters and orders.
  await createTable('products')
    .addColumn('id', types.id, primary)
    .addColumn('name', types.text(200), required)
    .addColumn('description', types.longText, required)
    .addColumn('sku', types.text(64))
    .addColumn('category', types.text(100))
    .addColumn('price', types.integer, required)
    .addColumn('currency', types.text(3), required)
    .addColumn('quantity_in_stock', types.integer, required)
    .addColumn('photos', types.longText, required)
    .addColumn('version', types.integer, required)
    .addColumn('created_at', types.integer, required)
    .addColumn('updated_at', types.integer, required)
    .addUniqueConstraint('products_sku', ['sku'])
    .addUniqueConstraint('products_price_id', ['price', 'id'])
    .addUniqueConstraint('products_name_id', ['name', 'id'])
    .addUniqueConstraint('products_created_at_id', ['created_at', 'id'])
    .addUniqueConstraint('products_quantity_in_stock_id', ['quantity_in_stock', 'id'])
    .addUniqueConstraint('products_category_price_id', ['category', 'price', 'id'])
    .addCheckConstraint('products_never_oversold', sql`quantity_in_stock >= 0`)
    .execute();

  await createTable('product_words')
    .addColumn('word', types.text(64), required)
    .addColumn('product_id', types.id, required)
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
    .addColumn('id', types.id, primary)
    .addColumn('product_id', types.id, required)
    .addColumn('delta', types.integer, required)
    .addColumn('reason', types.text(16), required)
    .addColumn('order_id', types.id)
    .addColumn('actor_id', types.id)
    .addColumn('created_at', types.integer, required)
    .addUniqueConstraint('stock_movements_product_id_id', ['product_id', 'id'])
    .execute();
}

async function createPromotions({ types, createTable }: MigrationContext): Promise<void> {
  await createTable('promotions')
    .addColumn('id', types.id, primary)
    .addColumn('name', types.text(200), required)
    .addColumn('type', types.text(16), required)
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
    .addColumn('uses', types.integer, required)
    .addColumn('created_at', types.integer, required)
    .addColumn('updated_at', types.integer, required)
    .addUniqueConstraint('promotions_code', ['code'])
    .addCheckConstraint('promotions_never_overused', sql`uses >= 0`)
    .execute();

  await createTable('promotion_uses')
    .addColumn('promotion_id', types.id, required)
    .addColumn('user_id', types.id, required)
    .addColumn('uses', types.integer, required)
    .addPrimaryKeyConstraint('promotion_uses_promotion_id_user_id', ['promotion_id', 'user_id'])
    .execute();
}

async function createOrders({ types, createTable }: MigrationContext): Promise<void> {
  await createTable('orders')
    .addColumn('id', types.id, primary)
    .addColumn('user_id', types.id, required)
    .addColumn('status', types.text(16), required)
    .addColumn('currency', types.text(3), required)
    .addColumn('subtotal', types.integer, required)
    .addColumn('discount', types.integer, required)
    .addColumn('total', types.integer, required)
    .addColumn('created_at', types.integer, required)
    .addColumn('updated_at', types.integer, required)
    .addUniqueConstraint('orders_user_id_created_at_id', ['user_id', 'created_at', 'id'])
    .addUniqueConstraint('orders_created_at_id', ['created_at', 'id'])
    .execute();

  await createTable('order_parts')
    .addColumn('order_id', types.id, required)
    .addColumn('position', types.integer, required)
    .addColumn('product_id', types.id, required)
    .addColumn('product_name', types.text(200), required)
    .addColumn('quantity', types.integer, required)
    .addColumn('unit_price', types.integer, required)
    .addColumn('discount', types.integer, required)
    .addColumn('total', types.integer, required)
    .addPrimaryKeyConstraint('order_parts_order_id_position', ['order_id', 'position'])
    .addForeignKeyConstraint('order_parts_order_fk', ['order_id'], 'orders', ['id'])
    .execute();

  await createTable('order_promotions')
    .addColumn('order_id', types.id, required)
    .addColumn('position', types.integer, required)
    .addColumn('promotion_id', types.id, required)
    .addColumn('name', types.text(200), required)
    .addColumn('type', types.text(16), required)
    .addColumn('code', types.text(64))
    .addColumn('discount', types.integer, required)
    .addColumn('counted', types.integer, required)
    .addPrimaryKeyConstraint('order_promotions_order_id_position', ['order_id', 'position'])
    .addForeignKeyConstraint('order_promotions_order_fk', ['order_id'], 'orders', ['id'])
    .execute();
}
