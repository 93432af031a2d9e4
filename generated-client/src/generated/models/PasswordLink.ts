// Generated from openapi.json by scripts/generate-client. Do not edit: change the schema of the route, and run it again.
/**
 * Whose password is to be set anew.
 */
export type PasswordLink = {
  /**
   * The id of the account.
   */
  account: string;
};
