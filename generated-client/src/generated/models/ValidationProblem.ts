// Generated from openapi.json by scripts/generate-client. Do not edit: change the schema of the route, and run it again.
/**
 * An error that may name members (RFC 9457).
 */
export type ValidationProblem = {
  /**
   * Always about:blank: the code tells problems apart.
   */
  type: string;
  /**
   * The phrase of the status.
   */
  title: string;
  /**
   * The HTTP status.
   */
  status: number;
  /**
   * What went wrong here, and what to do, for a person.
   */
  detail: string;
  /**
   * What went wrong, for a program. Stable.
   */
  code: string;
  /**
   * The id of the request, as in X-Request-Id and the log.
   */
  request_id: string;
  /**
   * One entry for each member that breaks a rule, in order. Of many, the first few are named.
   */
  errors?: Array<{
    /**
     * JSON Pointer (RFC 6901) to the member, within body, query, path or headers.
     */
    path: string;
    /**
     * The rule that it breaks.
     */
    message: string;
  }>;
};
