// Generated from openapi.json by scripts/generate-client. Do not edit: change the schema of the route, and run it again.
/**
 * What accounts may do with images.
 */
export type Tier = {
  /**
   * Never changes.
   */
  name: string;
  /**
   * Whether it came with Tally, and stays.
   */
  built_in: boolean;
  /**
   * In pixels.
   */
  thumbnail_heights: Array<number>;
  /**
   * Whether originals can be read.
   */
  original: boolean;
  /**
   * Whether links can be made.
   */
  expiring_links: boolean;
  /**
   * Of an upload.
   */
  max_bytes: number;
  /**
   * Of all originals and thumbnails of an account together.
   */
  quota_bytes: number;
};
