import type { TierRights } from './access.ts';

export const ORIGINAL = 'original';

/** Returns the sizes that a tier includes: thumbnails from small to large, then the original. */
export function sizesOf({
  thumbnail_heights,
  original,
}: Pick<TierRights, 'thumbnail_heights' | 'original'>): string[] {
  return [...thumbnail_heights.map(sizeOfHeight), ...(original ? [ORIGINAL] : [])];
}

export function sizeOfHeight(height: number): string {
  return `${height}px`;
}

/** Returns the height of a thumbnail's size, and undefined for the original. */
export function heightOfSize(size: string): number | undefined {
  return size === ORIGINAL ? undefined : Number.parseInt(size, 10);
}

/** Returns the best size that a tier includes. */
export function defaultSize(rights: TierRights): string {
  return sizesOf(rights).at(-1)!;
}

/** Returns the dimensions of a thumbnail, which keeps the shape of the image and is never larger. */
export function thumbnailDimensions(
  { width, height }: { width: number; height: number },
  target: number,
): { width: number; height: number } {
  if (target >= height) return { width, height };
  return { width: Math.max(1, Math.round((width * target) / height)), height: target };
}
