// Generated from openapi.json by scripts/generate-client. Do not edit: change the schema of the route, and run it again.
/**
 * A sign of life.
 */
export type Health = {
  /**
   * Always ok: what is not, has another status.
   */
  status: 'ok';
};
