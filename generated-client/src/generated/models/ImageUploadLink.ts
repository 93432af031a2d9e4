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
   * The size that it opens: `original`, or a height as in `200px`.
   */
  size: string;
  /**
   * When the link expires.
   */
  expires: string;
};
