import type { Selectable } from 'kysely';
import type { RemovedObjectsTable } from '../../storage/tables.ts';

/** Times are milliseconds since 1970. */
export interface ImageTables {
  images: ImagesTable;
  image_files: ImageFilesTable;
  image_links: ImageLinksTable;
  image_usage: ImageUsageTable;
  removed_objects: RemovedObjectsTable;
}

interface ImagesTable {
  id: string;
  account_id: string;
  created_at: number;
  format: ImageFormat;
  /** Of the original. */
  bytes: number;
}

export type ImageFormat = 'jpeg' | 'png';

/** The sizes of an image that exist, each a run of bytes in an object of the storage. */
interface ImageFilesTable {
  image_id: string;
  /** `original`, or the height that was asked for, as in `200px`. */
  size: string;
  object_key: string;
  /** The position of the first byte in the object. */
  object_offset: number;
  bytes: number;
  width: number;
  height: number;
  sha256: Buffer;
}

/** Links to one size of an image, for anyone who has them. */
interface ImageLinksTable {
  id: string;
  image_id: string;
  size: string;
  created_at: number;
  /** Null for a link that never expires. */
  expires_at: number | null;
  /** 1 for a link of an administrator, which does not depend on the rights of the tier. */
  by_administrator: number;
}

/** The total size of the files of an account's images. An account without images may have no row. */
interface ImageUsageTable {
  account_id: string;
  bytes: number;
}

export type ImageRow = Selectable<ImagesTable>;
export type ImageFileRow = Selectable<ImageFilesTable>;
export type ImageLinkRow = Selectable<ImageLinksTable>;
