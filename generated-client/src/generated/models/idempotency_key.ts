// Generated from openapi.json by scripts/generate-client. Do not edit: change the schema of the route, and run it again.
/**
 * Any text that you use for this request alone, such as a random UUID. With it, the request can be repeated, also after a lost response: it takes effect once, and gets the same response.
 */
export type idempotency_key = string;
