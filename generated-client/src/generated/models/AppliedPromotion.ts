// Generated from openapi.json by scripts/generate-client. Do not edit: change the schema of the route, and run it again.
/**
 * A special offer that reduced an order.
 */
export type AppliedPromotion = {
  /**
   * The special offer, which may be gone by now.
   */
  id: string;
  /**
   * Its name when it counted.
   */
  name: string;
  /**
   * What it does.
   */
  type: 'percentage' | 'fixed' | 'buy_x_get_y';
  /**
   * The code that it took.
   */
  code: string | null;
  /**
   * Taken off by it.
   */
  discount: number;
};
