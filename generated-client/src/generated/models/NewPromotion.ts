// Generated from openapi.json by scripts/generate-client. Do not edit: change the schema of the route, and run it again.
/**
 * A special offer. What is left out, or null, does not restrict it.
 */
export type NewPromotion = {
  /**
   * What orders call it.
   */
  name: string;
  /**
   * What it does; the members that belong to it are required.
   */
  type: 'percentage' | 'fixed' | 'buy_x_get_y';
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
