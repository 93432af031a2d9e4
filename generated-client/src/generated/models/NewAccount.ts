// Generated from openapi.json by scripts/generate-client. Do not edit: change the schema of the route, and run it again.
/**
 * What an account is made of.
 */
export type NewAccount = {
  /**
   * Unique, regardless of case.
   */
  email: string;
  /**
   * 8 to 128 characters, any of them. Not a common password, nor the e-mail address or a name.
   */
  password: string;
  /**
   * Unique, regardless of case, and never given to another account. It never changes. With an @ it must be the e-mail address. Without it, the e-mail address.
   */
  username?: string;
  first_name?: string;
  last_name?: string;
};
