// Generated from openapi.json by scripts/generate-client. Do not edit: change the schema of the route, and run it again.
/**
 * Operations that answer with nothing.
 */
export const EMPTY_OPERATIONS: ReadonlySet<string> = /* @__PURE__ */ new Set([
  "POST /accounts/password",
  "DELETE /accounts/me",
  "POST /accounts/logout",
  "DELETE /accounts/sessions/{id}",
  "DELETE /images/{id}",
  "DELETE /images/{id}/links/{link_id}",
  "DELETE /tiers/{name}",
  "DELETE /products/{id}",
  "DELETE /promotions/{id}"
]);
