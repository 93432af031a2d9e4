// Generated from openapi.json by scripts/generate-client. Do not edit: change the schema of the route, and run it again.
/**
 * An e-mail address and its password.
 */
export type LoginByEmail = {
  /**
   * The e-mail address, regardless of case.
   */
  email: string;
  /**
   * The password.
   */
  password: string;
};
