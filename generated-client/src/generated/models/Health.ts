// Generated from openapi.json by scripts/generate-client. Do not edit: change the schema of the route, and run it again.
/**
 * A sign of life.
 */
export type Health = {
  /**
   * Always `ok`; a failing check answers with another HTTP status.
   */
  status: 'ok';
};
