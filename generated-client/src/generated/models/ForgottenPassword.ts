// Generated from openapi.json by scripts/generate-client. Do not edit: change the schema of the route, and run it again.
/**
 * Whose password is forgotten.
 */
export type ForgottenPassword = {
  /**
   * The e-mail address, regardless of case.
   */
  email: string;
};
