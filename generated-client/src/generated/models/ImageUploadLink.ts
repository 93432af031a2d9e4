// Generated from openapi.json by scripts/generate-client. Do not edit: change the schema of the route, and run it again.
/**
 * A link that was created with the image.
 */
export type ImageUploadLink = {
  /**
   * The address that shows the image to anyone.
   */
  url: string;
  /**
   * When the link expires.
   */
  expires: string;
};
