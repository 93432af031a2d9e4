// Generated from openapi.json by scripts/generate-client. Do not edit: change the schema of the route, and run it again.
/**
 * A movement of stock that is no order.
 */
export type StockChange = {
  /**
   * Units that come in, or, below zero, go out.
   */
  delta: number;
};
