// Generated from openapi.json by scripts/generate-client. Do not edit: change the schema of the route, and run it again.
/**
 * What to order.
 */
export type OrderRequest = {
  /**
   * All of it is ordered, or nothing.
   */
  parts: Array<{
    /**
     * What is ordered. The same product twice is ordered once, with the sum.
     */
    product: string;
    /**
     * Units.
     */
    quantity_in_order: number;
  }>;
  /**
   * Regardless of case.
   */
  promo_code?: string;
};
