// Generated from openapi.json by scripts/generate-client. Do not edit: change the schema of the route, and run it again.
/**
 * Operations that need no token.
 */
export const OPEN_OPERATIONS: ReadonlySet<string> = /* @__PURE__ */ new Set([
  "GET /health/live",
  "GET /health/ready",
  "POST /auth",
  "GET /.well-known/jwks.json",
  "GET /.well-known/oauth-authorization-server",
  "GET /.well-known/openid-configuration",
  "POST /accounts/login",
  "POST /accounts/password",
  "POST /accounts/refresh",
  "POST /accounts",
  "GET /links/{token}",
  "GET /products",
  "GET /products/{id}"
]);

/**
 * Operations that answer without content.
 */
export const EMPTY_OPERATIONS: ReadonlySet<string> = /* @__PURE__ */ new Set([
  "POST /accounts/password",
  "DELETE /accounts/sessions/{id}",
  "POST /accounts/logout",
  "DELETE /accounts/me",
  "DELETE /tiers/{name}",
  "DELETE /images/{id}",
  "DELETE /images/{id}/links/{link_id}",
  "DELETE /products/{id}",
  "DELETE /promotions/{id}"
]);

/**
 * Operations that take effect once for each Idempotency-Key.
 */
export const KEYED_OPERATIONS: ReadonlySet<string> = /* @__PURE__ */ new Set([
  "POST /accounts",
  "POST /tiers",
  "POST /images",
  "POST /images/{id}/links",
  "POST /products",
  "POST /products/{id}/stock",
  "POST /promotions",
  "POST /orders",
  "POST /orders/{id}/status"
]);

/**
 * Operations that answer with a file, and its media types.
 */
export const FILE_OPERATIONS: ReadonlyMap<string, readonly string[]> = /* @__PURE__ */ new Map([
  [
    "GET /images/{id}/{size}",
    [
      "image/jpeg",
      "image/png"
    ]
  ],
  [
    "GET /links/{token}",
    [
      "image/jpeg",
      "image/png"
    ]
  ]
]);
