import type { Transaction } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import type { Slice } from '../../../database/keyset.ts';
import { isAdministrator, type SignedInAccount } from '../../../http/secured.ts';
import type { Claim } from '../../../idempotency/claim.ts';
import type { Idempotency, Once } from '../../../idempotency/idempotency.ts';
import type { TierRights } from '../access.ts';
import type { ImageService } from '../images/service.ts';
import { imageProblems } from '../problems.ts';
import { defaultSize, sizesOf } from '../sizes.ts';
import type { ImageLinkRow, ImageTables } from '../tables.ts';
import type { LinkRepository } from './repository.ts';
import type { LinkTokens } from './tokens.ts';

export interface LinkServiceDeps {
  links: LinkRepository;
  images: ImageService;
  tokens: LinkTokens;
  idempotency: Idempotency;
  /** The beginning of links. */
  publicUrl: string;
}

export interface LinkRequest {
  /** Seconds; null for a link that never expires. */
  lifetime: number | null;
  /** The best size of the tier where it is undefined. */
  size: string | undefined;
}

export type LinkService = ReturnType<typeof createLinkService>;

export function createLinkService(deps: LinkServiceDeps) {
  const { links, images, tokens, idempotency, publicUrl } = deps;

  return {
    /**
     * Creates a link once for each claim.
     *
     * @throws {Problem} `image_not_found`, `links_not_included`, `endless_link_forbidden`, `size_not_found`, those of
     * idempotency keys
     */
    create: (
      account: SignedInAccount,
      imageId: string,
      wanted: LinkRequest,
      claim?: Claim,
    ): Promise<Once<ImageLinkRow>> =>
      idempotency.singleFlight(claim, async () => {
        const { rights } = await images.find(account, imageId);
        const link = draft(account, imageId, wanted, rights);
        return idempotency.commit(claim, async (trx: Transaction<ImageTables>) => {
          await links.insert(trx, link);
          return link;
        });
      }),

    /** @throws {Problem} `image_not_found` */
    async list(account: SignedInAccount, imageId: string, slice: Slice) {
      await images.find(account, imageId);
      return links.list(imageId, Date.now(), slice);
    },

    /** @throws {Problem} `image_not_found`, `link_not_found` */
    async delete(account: SignedInAccount, imageId: string, id: string): Promise<void> {
      await images.find(account, imageId);
      if (!(await links.delete(imageId, id))) throw imageProblems.linkNotFound();
    },

    /**
     * Returns the link of a token.
     *
     * @throws {Problem} `link_expired`, for genuine tokens only; else `link_not_found`
     */
    async follow(token: string): Promise<ImageLinkRow> {
      const claims = tokens.verify(token);
      if (!claims) throw imageProblems.linkNotFound();
      const { linkId, expiresAt } = claims;
      if (expiresAt !== null && expiresAt <= Date.now()) throw imageProblems.linkExpired();
      const link = await links.find(linkId);
      if (!link) throw imageProblems.linkNotFound();
      return link;
    },

    urlOf: ({ id, expires_at }: ImageLinkRow): string =>
      `${publicUrl}/links/${tokens.sign({ linkId: id, expiresAt: expires_at })}`,
  };
}

function draft(
  account: SignedInAccount,
  imageId: string,
  { lifetime, size }: LinkRequest,
  rights: TierRights,
): ImageLinkRow {
  if (!isAdministrator(account)) {
    if (!rights.expiring_links) throw imageProblems.linksNotIncluded();
    if (lifetime === null) throw imageProblems.endlessLinkForbidden();
  }
  const wanted = size ?? defaultSize(rights);
  if (!sizesOf(rights).includes(wanted)) throw imageProblems.sizeNotFound();
  return newLink(account, { imageId, size: wanted, lifetime });
}

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
