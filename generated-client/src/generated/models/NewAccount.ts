// Generated from openapi.json by scripts/generate-client. Do not edit: change the schema of the route, and run it again.
/**
 * An account to register.
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
   * Unique, regardless of case, and never given to another account. It never changes. All characters are visible. If it contains an @, or a compatibility form of one, it must be the e-mail address. The default is the e-mail address, or a name made from it where another account has, or once had, that as its user name.
   */
  username?: string;
  first_name?: string;
  last_name?: string;
};
