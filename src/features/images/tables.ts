import type { Selectable } from 'kysely';
import type { RemovedObjectsTable } from '../../storage/tables.ts';
import type { AccountsTable } from '../accounts/tables.ts';

/** What the accounts of a tier may do with images. The name is what `accounts.tier` holds. */
export interface TiersTable {
  name: string;
  /** 1 where the tier came with Tally, and stays. */
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

export interface ImagesTable {
  id: string;
  account_id: string;
  created_at: number;
  format: ImageFormat;
  /** Of the original. */
  bytes: number;
}

export type ImageFormat = 'jpeg' | 'png';

/** The sizes of an image that have been made, each a run of bytes in an object of the storage. */
export interface ImageFilesTable {
  image_id: string;
  /** `original`, or the height that was asked for, as in `200px`. */
  size: string;
  object_key: string;
  /** Where in the object the bytes begin. */
  object_offset: number;
  bytes: number;
  width: number;
  height: number;
  sha256: Buffer;
}

/** Links to one size of an image, for anyone who has them. */
export interface ImageLinksTable {
  id: string;
  image_id: string;
  size: string;
  created_at: number;
  /** Null where the link has no end. */
  expires_at: number | null;
  /** 1 where an administrator made it, so that it does not need the right of the tier. */
  by_administrator: number;
}

/** What the files of all images of an account have together. */
export interface ImageUsageTable {
  account_id: string;
  bytes: number;
}

export interface ImageTables {
  tiers: TiersTable;
  image_usage: ImageUsageTable;
  images: ImagesTable;
  image_files: ImageFilesTable;
  image_links: ImageLinksTable;
  accounts: AccountsTable;
  removed_objects: RemovedObjectsTable;
}

/** A row of each. */
export type TierRow = Selectable<TiersTable>;
export type ImageRow = Selectable<ImagesTable>;
export type ImageFileRow = Selectable<ImageFilesTable>;
export type ImageLinkRow = Selectable<ImageLinksTable>;
