// Generated from openapi.json by scripts/generate-client. Do not edit: change the schema of the route, and run it again.
/**
 * A movement of stock other than by an order.
 */
export type StockChange = {
  /**
   * Units to add; a negative number removes units.
   */
  delta: number;
};
