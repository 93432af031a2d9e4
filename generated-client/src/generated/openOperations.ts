// Generated from openapi.json by scripts/generate-client. Do not edit: change the schema of the route, and run it again.
/**
 * Operations that ask for no token.
 */
export const OPEN_OPERATIONS: ReadonlySet<string> = /* @__PURE__ */ new Set([
  "GET /health/live",
  "GET /health/ready",
  "POST /auth",
  "GET /.well-known/jwks.json",
  "GET /.well-known/oauth-authorization-server",
  "GET /.well-known/openid-configuration",
  "POST /accounts/login",
  "POST /accounts/refresh",
  "POST /accounts/password",
  "POST /accounts",
  "GET /links/{token}",
  "GET /products",
  "GET /products/{id}"
]);
