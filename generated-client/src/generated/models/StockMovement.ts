// Generated from openapi.json by scripts/generate-client. Do not edit: change the schema of the route, and run it again.
/**
 * An entry of the ledger.
 */
export type StockMovement = {
  /**
   * The id of the movement.
   */
  id: string;
  /**
   * What moved.
   */
  product: string;
  /**
   * Units that came in, or, below zero, went out.
   */
  delta: number;
  /**
   * Why.
   */
  reason: 'created' | 'adjusted' | 'ordered' | 'cancelled' | 'deleted';
  /**
   * The order that took them or gave them back.
   */
  order: string | null;
  /**
   * The account that did it; null for the demo catalogue.
   */
  actor: string | null;
  /**
   * When.
   */
  created: string;
};
