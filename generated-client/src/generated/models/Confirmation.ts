// Generated from openapi.json by scripts/generate-client. Do not edit: change the schema of the route, and run it again.
/**
 * The password, once more.
 */
export type Confirmation = {
  /**
   * The password.
   */
  password: string;
};
