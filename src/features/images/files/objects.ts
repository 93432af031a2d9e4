import { hash } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { OutcomeUnknown } from '../../../database/errors.ts';
import type { Storage } from '../../../storage/storage.ts';
import type { ImageHeader, Thumbnail } from '../rendering/decode.ts';
import { ORIGINAL, sizeOfHeight } from '../sizes.ts';
import type { ImageFileRow } from '../tables.ts';
import type { FileRepository } from './repository.ts';

/** The prefix of all objects of images in the storage. */
export const OBJECT_PREFIX = 'images/';

const OBJECT_KEY =
  /^images\/([\da-f]{2})\/[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{10}\1$/;

/** Makes a key whose folder depends on the random part of its id, so that objects are spread evenly. */
export function newObjectKey(): string {
  const id = uuidv7();
  return `${OBJECT_PREFIX}${id.slice(-2)}/${id}`;
}

/** Tells keys of {@link newObjectKey} from those of files that other software put into the storage. */
export function isObjectKey(key: string): boolean {
  return OBJECT_KEY.test(key);
}

export interface NewObject<T> {
  key: string;
  content: Buffer | { file: string };
  /** Inserts the rows that refer to the object, or returns `isNeeded: false` where others were inserted before. */
  record(): Promise<{ result: T; isNeeded: boolean }>;
}

/**
 * Puts an object into the storage and records it. An object that is not needed, or could not be recorded, is removed
 * again, but only once the database says that no row refers to it: after a COMMIT whose answer was lost, the
 * rows may be there, or appear in a moment. Whatever stays without a row is left to the sweeper.
 */
export async function storeObject<T>(
  { storage, files }: { storage: Storage; files: FileRepository },
  { key, content, record }: NewObject<T>,
): Promise<T> {
  const remove = async () => {
    if (!(await files.knownObjects([key])).has(key)) await storage.remove(key);
  };
  await storage.put(key, content);
  try {
    const { result, isNeeded } = await record();
    if (!isNeeded) await remove().catch(() => undefined);
    return result;
  } catch (error) {
    if (!(error instanceof OutcomeUnknown)) await remove().catch(() => undefined);
    throw error;
  }
}

/** Builds the rows of an image's files: one object holds the original and, after it, its thumbnails. */
export function fileRows(
  image_id: string,
  { width, height }: ImageHeader,
  { bytes, sha256 }: { bytes: number; sha256: Buffer },
  thumbnails: Thumbnail[],
): ImageFileRow[] {
  const object_key = newObjectKey();
  const rows = [
    { image_id, size: ORIGINAL, object_key, object_offset: 0, bytes, width, height, sha256 },
  ];
  let object_offset = bytes;
  for (const thumbnail of thumbnails) {
    rows.push(thumbnailRow(image_id, { object_key, object_offset }, thumbnail));
    object_offset += thumbnail.content.length;
  }
  return rows;
}

export function thumbnailRow(
  image_id: string,
  place: { object_key: string; object_offset: number },
  { target, content, width, height }: Thumbnail,
): ImageFileRow {
  const sha256 = hash('sha256', content, 'buffer');
  const size = sizeOfHeight(target);
  return { image_id, size, ...place, bytes: content.length, width, height, sha256 };
}
