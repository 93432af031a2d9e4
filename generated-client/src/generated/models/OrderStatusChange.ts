// Generated from openapi.json by scripts/generate-client. Do not edit: change the schema of the route, and run it again.
/**
 * The new status of an order.
 */
export type OrderStatusChange = {
  /**
   * The status of the order.
   */
  status: 'placed' | 'paid' | 'shipped' | 'delivered' | 'cancelled';
};
