// Generated from openapi.json by scripts/generate-client. Do not edit: change the schema of the route, and run it again.
import type { ImageLink } from './ImageLink.js';
/**
 * A page of links.
 */
export type ImageLinkPage = {
  /**
   * Entries in all pages.
   */
  count: number;
  /**
   * The next page, with the same filters.
   */
  next: string | null;
  /**
   * The page before, with the same filters.
   */
  previous: string | null;
  /**
   * Cursor of the last entry, for `after`; null on the last page.
   */
  after: string | null;
  /**
   * The entries of this page.
   */
  results: Array<ImageLink>;
};
