// Generated from openapi.json by scripts/generate-client. Do not edit: change the schema of the route, and run it again.
/**
 * What to change of a product. The stock has a route of its own.
 */
export type ProductChanges = {
  /**
   * What it is called.
   */
  name?: string;
  /**
   * What there is to say about it.
   */
  description?: string;
  /**
   * Stock keeping unit: no two products have the same.
   */
  sku?: string | null;
  /**
   * One category, as it is filtered by.
   */
  category?: string | null;
  /**
   * In minor units of the currency.
   */
  price?: number;
  /**
   * ISO 4217.
   */
  currency?: string;
  /**
   * Where its pictures are.
   */
  photos?: Array<string>;
};
