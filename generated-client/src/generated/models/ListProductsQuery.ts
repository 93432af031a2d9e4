// Generated from openapi.json by scripts/generate-client. Do not edit: change the schema of the route, and run it again.
/**
 * The query of a list.
 */
export type ListProductsQuery = {
  /**
   * Number of the page, from 1, which is the default.
   */
  page?: number;
  /**
   * In place of `page`: the `after` of the page before.
   */
  after?: string;
  /**
   * Entries per page.
   */
  limit?: number;
  /**
   * Lowest price, in minor units.
   */
  min_price?: number;
  /**
   * Highest price, in minor units.
   */
  max_price?: number;
  /**
   * Fewest units in stock.
   */
  min_stock?: number;
  /**
   * Most units in stock.
   */
  max_stock?: number;
  /**
   * Only products in stock (true), or out of stock (false).
   */
  in_stock?: boolean;
  /**
   * Only products of this category.
   */
  category?: string;
  /**
   * Words, or beginnings of words, of the name or the description, in any order.
   */
  search?: string;
  /**
   * The order; a minus reverses it. Among equals, the lower id comes first.
   */
  ordering?: 'name' | '-name' | 'price' | '-price' | 'quantity_in_stock' | '-quantity_in_stock' | 'created' | '-created';
};
