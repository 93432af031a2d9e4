// Generated from openapi.json by scripts/generate-client. Do not edit: change the schema of the route, and run it again.
/**
 * Number of the page, from 1, which is the default.
 */
export type page = number;
