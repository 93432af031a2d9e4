import { toTimestamp } from '../../../http/timestamp.ts';
import type { ImageUrls } from '../files/image-urls.ts';
import { heightOfSize, ORIGINAL, sizesOf, thumbnailDimensions } from '../sizes.ts';
import type { ImageView } from './schemas.ts';
import type { VisibleImage } from './service.ts';

/** Returns the response for an image. Of a size that does not exist yet, the dimensions are known already. */
export function viewImage(
  { image: { id, created_at, format }, files, rights }: VisibleImage,
  urlOf: ImageUrls['urlOf'],
): ImageView {
  const bySize = new Map(files.map((file) => [file.size, file]));
  const original = bySize.get(ORIGINAL)!;
  const images = sizesOf(rights).map((size) => {
    const file = bySize.get(size);
    const { width, height } = file ?? thumbnailDimensions(original, heightOfSize(size)!);
    return { size, url: urlOf(id, size), width, height, format, bytes: file?.bytes ?? null };
  });
  return { id, created: toTimestamp(created_at), images };
}
