// Generated from openapi.json by scripts/generate-client. Do not edit: change the schema of the route, and run it again.
/**
 * What to change of a special offer. Its type stays.
 */
export type PromotionChanges = {
  /**
   * What orders call it.
   */
  name?: string;
  /**
   * It counts for orders with this code alone; regardless of case.
   */
  code?: string | null;
  /**
   * Of a percentage: per cent off.
   */
  percentage?: number | null;
  /**
   * Of a fixed one: taken off, in minor units.
   */
  amount?: number | null;
  /**
   * Of buy_x_get_y: units to buy.
   */
  buy?: number | null;
  /**
   * Of buy_x_get_y: units for free.
   */
  get?: number | null;
  /**
   * Orders of this currency alone. Required beside amount and minimum_total.
   */
  currency?: string | null;
  /**
   * What the order must cost at least, before discounts.
   */
  minimum_total?: number | null;
  /**
   * From when on.
   */
  starts?: string | null;
  /**
   * Until when.
   */
  ends?: string | null;
  /**
   * What it is for; null is everything.
   */
  products?: Array<string> | null;
  /**
   * In how many orders, those that are cancelled aside.
   */
  usage_limit?: number | null;
  /**
   * In how many orders of one user, those that are cancelled aside.
   */
  usage_limit_per_user?: number | null;
};
