// Generated from openapi.json by scripts/generate-client. Do not edit: change the schema of the route, and run it again.
/**
 * A promotion, as customers see it.
 */
export type CurrentPromotion = {
  /**
   * The id of the promotion.
   */
  id: string;
  /**
   * The kind of discount.
   */
  type: 'percentage' | 'fixed' | 'buy_x_get_y';
  /**
   * The name, as orders show it.
   */
  name: string;
  /**
   * The percentage taken off.
   */
  percentage: number | null;
  /**
   * The amount taken off, in minor units.
   */
  amount: number | null;
  /**
   * Units to buy.
   */
  buy: number | null;
  /**
   * Units that are free.
   */
  get: number | null;
  /**
   * Restricts it to orders in this currency. Required with amount and minimum_total.
   */
  currency: string | null;
  /**
   * The least total of an order, before discounts.
   */
  minimum_total: number | null;
  /**
   * The time at which it ends.
   */
  ends: string | null;
  /**
   * The products that it discounts; null is all products.
   */
  products: Array<string> | null;
  /**
   * Most orders of one user with it, except cancelled ones.
   */
  usage_limit_per_user: number | null;
};
