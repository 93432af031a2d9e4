// Generated from openapi.json by scripts/generate-client. Do not edit: change the schema of the route, and run it again.
/**
 * The next status of an order.
 */
export type StatusChange = {
  /**
   * How far it is.
   */
  status: 'placed' | 'paid' | 'shipped' | 'delivered' | 'cancelled';
};
