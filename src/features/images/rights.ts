import type { TierRow } from './tables.ts';

/** What a tier allows. */
export interface Tier {
  name: string;
  built_in: boolean;
  thumbnail_heights: number[];
  original: boolean;
  expiring_links: boolean;
  max_bytes: number;
  quota_bytes: number;
}

/** What reading takes. */
export type SizeRights = Pick<Tier, 'thumbnail_heights' | 'original' | 'expiring_links'>;

export const ORIGINAL = 'original';

export function tierOf(row: TierRow): Tier {
  return {
    name: row.name,
    built_in: row.built_in === 1,
    thumbnail_heights: JSON.parse(row.thumbnail_heights),
    original: row.original === 1,
    expiring_links: row.expiring_links === 1,
    max_bytes: row.max_bytes,
    quota_bytes: row.quota_bytes,
  };
}

/** The sizes that a tier has, thumbnails first, from small to large. */
export function sizesOf({ thumbnail_heights, original }: SizeRights): string[] {
  return [...thumbnail_heights.map(sizeOfHeight), ...(original ? [ORIGINAL] : [])];
}

export function sizeOfHeight(height: number): string {
  return `${height}px`;
}

/** @returns undefined for the original. */
export function heightOfSize(size: string): number | undefined {
  return size === ORIGINAL ? undefined : Number.parseInt(size, 10);
}

/** The best that a tier has. */
export function defaultSize(tier: Tier): string {
  return sizesOf(tier).at(-1)!;
}

/** As wide as the image's shape asks, and never larger than the image. */
export function thumbnailDimensions(
  { width, height }: { width: number; height: number },
  target: number,
): { width: number; height: number } {
  if (target >= height) return { width, height };
  return { width: Math.max(1, Math.round((width * target) / height)), height: target };
}
