// Generated from openapi.json by scripts/generate-client. Do not edit: change the schema of the route, and run it again.
/**
 * A product of an order.
 */
export type OrderPart = {
  /**
   * The product, which may be gone by now.
   */
  product: string;
  /**
   * Units.
   */
  quantity_in_order: number;
  /**
   * Its name when it was ordered.
   */
  product_name: string;
  /**
   * Its price when it was ordered.
   */
  unit_price: number;
  /**
   * Taken off by special offers.
   */
  discount: number;
  /**
   * Units times price, less the discount.
   */
  total: number;
};
