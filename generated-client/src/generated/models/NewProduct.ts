// Generated from openapi.json by scripts/generate-client. Do not edit: change the schema of the route, and run it again.
/**
 * A product that is not in the catalogue yet.
 */
export type NewProduct = {
  /**
   * What it is called.
   */
  name: string;
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
  price: number;
  /**
   * ISO 4217.
   */
  currency: string;
  /**
   * Units.
   */
  quantity_in_stock?: number;
  /**
   * Where its pictures are.
   */
  photos?: Array<string>;
};
