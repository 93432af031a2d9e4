import { v7 as uuidv7 } from 'uuid';
import type { SignedInAccount } from '../../../http/secured.ts';
import { isAdministrator } from '../access.ts';
import type { ImageLinkRow } from '../tables.ts';

/** Builds the row of a link. The lifetime is in seconds; null is for a link that never expires. */
export function newLink(
  account: SignedInAccount,
  { imageId, size, lifetime }: { imageId: string; size: string; lifetime: number | null },
): ImageLinkRow {
  const now = Date.now();
  return {
    id: uuidv7(),
    image_id: imageId,
    size,
    created_at: now,
    expires_at: lifetime === null ? null : now + lifetime * 1000,
    by_administrator: isAdministrator(account) ? 1 : 0,
  };
}
