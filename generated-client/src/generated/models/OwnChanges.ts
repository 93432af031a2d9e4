// Generated from openapi.json by scripts/generate-client. Do not edit: change the schema of the route, and run it again.
/**
 * What an owner can change.
 */
export type OwnChanges = {
  first_name?: string;
  last_name?: string;
  /**
   * Unique, regardless of case.
   */
  email?: string;
  /**
   * Only to change the e-mail address.
   */
  current_password?: string;
};
