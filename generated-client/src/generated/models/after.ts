// Generated from openapi.json by scripts/generate-client. Do not edit: change the schema of the route, and run it again.
/**
 * In place of `page`: the `after` of the page before.
 */
export type after = string;
