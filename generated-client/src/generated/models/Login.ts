// Generated from openapi.json by scripts/generate-client. Do not edit: change the schema of the route, and run it again.
/**
 * A user name or an e-mail address, and the password.
 */
export type Login = {
  /**
   * Either this or `email`.
   */
  username?: string;
  /**
   * Either this or `username`.
   */
  email?: string;
  /**
   * The password.
   */
  password: string;
};
