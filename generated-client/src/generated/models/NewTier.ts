// Generated from openapi.json by scripts/generate-client. Do not edit: change the schema of the route, and run it again.
/**
 * A tier to create.
 */
export type NewTier = {
  /**
   * Never changes. Not `mine`.
   */
  name: string;
  /**
   * Heights of thumbnails, in pixels.
   */
  thumbnail_heights: Array<number>;
  /**
   * True if originals can be read.
   */
  original?: boolean;
  /**
   * True if links can be created.
   */
  expiring_links?: boolean;
  /**
   * Largest upload.
   */
  max_bytes?: number;
  /**
   * Largest total of all originals and thumbnails of an account.
   */
  quota_bytes?: number;
};
