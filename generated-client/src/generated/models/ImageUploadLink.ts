// Generated from openapi.json by scripts/generate-client. Do not edit: change the schema of the route, and run it again.
/**
 * A link that was made with the image.
 */
export type ImageUploadLink = {
  /**
   * Where anyone can see the image.
   */
  url: string;
  /**
   * When the link ends.
   */
  expires_at: string;
};
