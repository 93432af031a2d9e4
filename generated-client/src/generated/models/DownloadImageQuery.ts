// Generated from openapi.json by scripts/generate-client. Do not edit: change the schema of the route, and run it again.
/**
 * The query of a list.
 */
export type DownloadImageQuery = {
  /**
   * The time at which a signed `url` ends, in seconds since 1970, as the `url` has it.
   */
  expires?: string;
  /**
   * The signature of a signed `url`. A token replaces it and `expires`.
   */
  signature?: string;
};
