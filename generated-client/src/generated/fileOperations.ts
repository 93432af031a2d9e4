// Generated from openapi.json by scripts/generate-client. Do not edit: change the schema of the route, and run it again.
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
