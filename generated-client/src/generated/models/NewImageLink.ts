// Generated from openapi.json by scripts/generate-client. Do not edit: change the schema of the route, and run it again.
/**
 * What a link is made of.
 */
export type NewImageLink = {
  /**
   * How long the link lives. Null, for administrators: without an end.
   */
  expiring_time_seconds: number | null;
  /**
   * Default: the best that the tier includes.
   */
  size?: string;
};
