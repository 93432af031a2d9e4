export interface TierTables {
  tiers: TiersTable;
}

/** The rights that accounts of a tier have. Accounts refer to a tier by its name. */
export interface TiersTable {
  name: string;
  /** 1 where the tier came with Tally and cannot be deleted. */
  built_in: number;
  /** A JSON array of integers, ascending. */
  thumbnail_heights: string;
  /** 1 or 0. */
  original: number;
  /** 1 or 0. */
  expiring_links: number;
  /** Largest upload. */
  max_bytes: number;
  /** Most bytes that an account's originals and thumbnails may have together. */
  quota_bytes: number;
}
