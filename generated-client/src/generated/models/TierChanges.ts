// Generated from openapi.json by scripts/generate-client. Do not edit: change the schema of the route, and run it again.
/**
 * What changes of a tier. It counts at once.
 */
export type TierChanges = {
  /**
   * In pixels.
   */
  thumbnail_heights?: Array<number>;
  /**
   * Whether originals can be read.
   */
  original?: boolean;
  /**
   * Whether links can be made.
   */
  expiring_links?: boolean;
  /**
   * Of an upload.
   */
  max_bytes?: number;
  /**
   * Of all originals and thumbnails of an account together.
   */
  quota_bytes?: number;
};
