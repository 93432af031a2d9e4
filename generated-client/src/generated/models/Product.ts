// Generated from openapi.json by scripts/generate-client. Do not edit: change the schema of the route, and run it again.
/**
 * Something to buy.
 */
export type Product = {
  /**
   * The id of the product.
   */
  id: string;
  /**
   * What it is called.
   */
  name: string;
  /**
   * What there is to say about it.
   */
  description: string;
  /**
   * Stock keeping unit: no two products have the same.
   */
  sku: string | null;
  /**
   * One category, as it is filtered by.
   */
  category: string | null;
  /**
   * In minor units of the currency.
   */
  price: number;
  /**
   * ISO 4217.
   */
  currency: string;
  /**
   * Where its pictures are.
   */
  photos: Array<string>;
  /**
   * Units. What cancelled orders give back may exceed what can be brought in.
   */
  quantity_in_stock: number;
  /**
   * Grows with each change of the product, but not with its stock.
   */
  version: number;
  /**
   * When it came into the catalogue.
   */
  created: string;
  /**
   * When it was last changed; orders do not count.
   */
  updated: string;
};
