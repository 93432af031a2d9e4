// Generated from openapi.json by scripts/generate-client. Do not edit: change the schema of the route, and run it again.
/**
 * Whose password changes, from what to what.
 */
export type PasswordChange = {
  /**
   * Either this or `email`.
   */
  username?: string;
  /**
   * Either this or `username`.
   */
  email?: string;
  /**
   * The password until now.
   */
  current_password: string;
  /**
   * 8 to 128 characters, any of them. Not a common password, nor the e-mail address or a name.
   */
  new_password: string;
};
