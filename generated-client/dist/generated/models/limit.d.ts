/**
 * Entries per page.
 */
export type limit = number;
