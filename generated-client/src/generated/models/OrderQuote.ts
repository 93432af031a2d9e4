// Generated from openapi.json by scripts/generate-client. Do not edit: change the schema of the route, and run it again.
import type { AppliedPromotion } from './AppliedPromotion.js';
import type { OrderPart } from './OrderPart.js';
/**
 * What an order would be.
 */
export type OrderQuote = {
  /**
   * In the order in which the products were first named.
   */
  parts: Array<OrderPart>;
  /**
   * ISO 4217.
   */
  currency: string;
  /**
   * Before discounts, in minor units.
   */
  subtotal: number;
  /**
   * Taken off.
   */
  discount: number;
  /**
   * To pay.
   */
  total: number;
  /**
   * In the order in which they took something off.
   */
  promotions: Array<AppliedPromotion>;
};
