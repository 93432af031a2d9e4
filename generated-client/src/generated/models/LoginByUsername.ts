// Generated from openapi.json by scripts/generate-client. Do not edit: change the schema of the route, and run it again.
/**
 * A user name and its password.
 */
export type LoginByUsername = {
  /**
   * The user name, regardless of case.
   */
  username: string;
  /**
   * The password.
   */
  password: string;
};
