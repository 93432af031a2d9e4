import type { VisibleImage } from '../image-service.ts';
import { heightOfSize, ORIGINAL, sizesOf, type Tier, thumbnailDimensions } from '../rights.ts';
import type { NewTierBody } from '../schemas.ts';
import type { ImageLinkRow } from '../tables.ts';

const timeOf = (milliseconds: number) => new Date(milliseconds).toISOString();

export function viewImage({ id, createdAt, format, tier, files }: VisibleImage, publicUrl: string) {
  const original = files.get(ORIGINAL)!;
  const images = sizesOf(tier).map((size) => {
    const file = files.get(size);
    const { width, height } = file ?? thumbnailDimensions(original, heightOfSize(size)!);
    const url = `${publicUrl}/images/${id}/${size}`;
    return { size, url, width, height, format, bytes: file?.bytes ?? null };
  });
  return { id, created: timeOf(createdAt), images };
}

export function viewLink({ id, size, created_at, expires_at }: ImageLinkRow, url: string) {
  return {
    id,
    url,
    size,
    created: timeOf(created_at),
    expires_at: expires_at === null ? null : timeOf(expires_at),
  };
}

export function linkUrl(publicUrl: string, token: string): string {
  return `${publicUrl}/links/${token}`;
}

export function viewUploadLink({ expires_at }: ImageLinkRow, url: string) {
  return { url, expires_at: timeOf(expires_at!) };
}

const MIB = 1024 ** 2;

/** What was not said of a new tier. */
export function tierFrom(body: NewTierBody): Tier {
  return {
    built_in: false,
    original: false,
    expiring_links: false,
    max_bytes: 10 * MIB,
    quota_bytes: 1024 * MIB,
    ...body,
  };
}
