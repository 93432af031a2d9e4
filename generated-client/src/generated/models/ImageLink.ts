// Generated from openapi.json by scripts/generate-client. Do not edit: change the schema of the route, and run it again.
/**
 * A link to one size of an image, for anyone who has it.
 */
export type ImageLink = {
  /**
   * A UUIDv7.
   */
  id: string;
  /**
   * Where anyone can see the image.
   */
  url: string;
  size: string;
  /**
   * When it was made.
   */
  created: string;
  /**
   * When it ends. Null: never.
   */
  expires_at: string | null;
};
