import { type Insertable, type Kysely, type Selectable, sql, type Updateable } from 'kysely';
import { countOf } from '../../../database/count.ts';
import { violatesUnique } from '../../../database/errors.ts';
import { shopProblems } from '../problems.ts';
import type { Statements } from '../statements.ts';
import type { ProductsTable, ShopTables, StockMovementsTable } from '../tables.ts';

export type ProductRow = Selectable<ProductsTable>;
export type ProductRepository = ReturnType<typeof createProductRepository>;

/** Rows in one statement; SQLite takes 32,766 parameters. */
const CHUNK = 1000;

export function createProductRepository(db: Kysely<ShopTables>, statements: Statements) {
  return {
    async find(id: string): Promise<ProductRow | undefined> {
      return db.selectFrom('products').selectAll().where('id', '=', id).executeTakeFirst();
    },

    /** What orders need to know of products, and no more: descriptions are long. */
    async findForOrder(ids: readonly string[]) {
      const { rows } = await statements.findForOrder(
        db,
        ids.map((id) => ({ id })),
      );
      return rows;
    },

    async insert(product: Insertable<ProductsTable>): Promise<void> {
      await explainDuplicate(db.insertInto('products').values(product).execute());
    },

    /** False if there is none of that id, or, where they are given, of none of the versions. */
    async update(
      id: string,
      versions: readonly number[] | undefined,
      changes: Updateable<ProductsTable>,
    ): Promise<boolean> {
      let query = db
        .updateTable('products')
        .set({ ...changes, version: sql<number>`version + 1` })
        .where('id', '=', id);
      if (versions !== undefined) query = query.where('version', 'in', versions);
      const { numUpdatedRows } = await explainDuplicate(query.executeTakeFirstOrThrow());
      return numUpdatedRows > 0n;
    },

    async remove(id: string): Promise<void> {
      await db.deleteFrom('products').where('id', '=', id).execute();
    },

    async replaceWords(id: string, words: readonly string[]): Promise<void> {
      await db.deleteFrom('product_words').where('product_id', '=', id).execute();
      for (let start = 0; start < words.length; start += CHUNK) {
        const rows = words.slice(start, start + CHUNK).map((word) => ({ word, product_id: id }));
        await db.insertInto('product_words').values(rows).execute();
      }
    },

    /**
     * Moves stock, if there is the product and enough of it: one statement that checks and writes, so
     * that nothing can come between. To wait for each other in one order, transactions move their
     * products in the order of their ids.
     */
    async moveStock(id: string, delta: number): Promise<boolean> {
      const { numAffectedRows } = await statements.moveStock(db, { id, delta });
      return numAffectedRows === 1n;
    },

    async recordMovements(movements: Insertable<StockMovementsTable>[]): Promise<void> {
      if (movements.length > 0) await statements.recordMovements(db, movements);
    },

    async listMovements(productId: string, { offset, limit }: { offset: number; limit: number }) {
      const movements = db.selectFrom('stock_movements').where('product_id', '=', productId);
      const count = await countOf(movements);
      const rows = await movements
        .selectAll()
        .orderBy('id', 'desc')
        .offset(offset)
        .limit(limit)
        .execute();
      return { count, rows };
    },
  };
}

async function explainDuplicate<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (violatesUnique(error, 'products_sku')) throw shopProblems.skuTaken();
    throw error;
  }
}
