// Generated from openapi.json by scripts/generate-client. Do not edit: change the schema of the route, and run it again.
/**
 * Operations that the server does once for each Idempotency-Key.
 */
export const KEYED_OPERATIONS: ReadonlySet<string> = /* @__PURE__ */ new Set([
  "POST /accounts",
  "POST /images",
  "POST /images/{id}/links",
  "POST /tiers",
  "POST /products",
  "POST /products/{id}/stock",
  "POST /promotions",
  "POST /orders",
  "POST /orders/{id}/status"
]);
