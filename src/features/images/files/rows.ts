import { hash } from 'node:crypto';
import type { ImageHeader, Thumbnail } from '../rendering/decode.ts';
import { ORIGINAL, sizeOfHeight } from '../sizes.ts';
import type { ImageFileRow } from '../tables.ts';
import { newObjectKey } from './objects.ts';

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
  return {
    image_id,
    size: sizeOfHeight(target),
    ...place,
    bytes: content.length,
    width,
    height,
    sha256,
  };
}
