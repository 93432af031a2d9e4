import type { SelectQueryBuilder } from 'kysely';
import type { ProductsTable, ShopTables } from '../tables.ts';
import type { ProductQuery } from './schemas.ts';

export type Products<O> = SelectQueryBuilder<ShopTables, 'products', O>;

/** The column of each ordering. */
export const COLUMNS: Record<string, keyof ProductsTable> = {
  name: 'name',
  price: 'price',
  quantity_in_stock: 'quantity_in_stock',
  created: 'created_at',
};

export function directionOf({ ordering }: ProductQuery): 'asc' | 'desc' {
  return ordering.startsWith('-') ? 'desc' : 'asc';
}

/** Products that pass all of the filters, the search aside. */
export function filtered<O>(products: Products<O>, query: ProductQuery): Products<O> {
  const { min_price, max_price, min_stock, max_stock, in_stock, category } = query;
  let found = products;
  if (min_price !== undefined) found = found.where('price', '>=', min_price);
  if (max_price !== undefined) found = found.where('price', '<=', max_price);
  if (min_stock !== undefined) found = found.where('quantity_in_stock', '>=', min_stock);
  if (max_stock !== undefined) found = found.where('quantity_in_stock', '<=', max_stock);
  if (in_stock !== undefined) found = found.where('quantity_in_stock', in_stock ? '>' : '=', 0);
  return category === undefined ? found : found.where('category', '=', category);
}
