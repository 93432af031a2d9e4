// Generated from openapi.json by scripts/generate-client. Do not edit: change the schema of the route, and run it again.
/**
 * The query of a list.
 */
export type ListSessionsQuery = {
  /**
   * Number of the page, from 1, which is the default.
   */
  page?: number;
  /**
   * In place of `page`: the `after` of the page before.
   */
  after?: string;
  /**
   * Entries per page.
   */
  limit?: number;
};
